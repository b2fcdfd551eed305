/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What the loader tells a walk program of this kernel and hierarchy before it is loaded, and what
 * the program and its loader tell each other at each walk. */
#ifndef HOSTMETER_WIRE_WALK_SETUP_H
#define HOSTMETER_WIRE_WALK_SETUP_H

#include "hostmeter/wire/wire.h"

enum wire_walk_controller {
	WIRE_WALK_ON_CPU = 1,
	WIRE_WALK_ON_CPUACCT = 2,
	WIRE_WALK_ON_MEMORY = 4,
	WIRE_WALK_ON_PIDS = 8,
};

#define WIRE_WALK_STATES 11    /* the fields from WIRE_WALK_ANON to WIRE_WALK_SWAP */
#define WIRE_WALK_RECLAIMERS 4 /* kswapd, direct, proactive, khugepaged: as many as there are */
#define WIRE_WALK_CPUS 1024

/* Constants for the verifier: what is not there costs no instruction. Masks are 0 and places in
 * the kernel's arrays -1 where this kernel has no such thing, or none that is known for certain. */
struct wire_walk_setup {
	__u32 v2;
	__u32 controllers;
	__u32 page_shift;
	__u32 has_pressure;
	__s32 start_fd; /* stepper: the directory to start from, among our descriptors */
	__s32 subsys;	/* v1: the controller with figures of every walk, or -1 */
	/* Flags that the kernel's BTF has in unnamed enums, which CO-RE does not find. */
	__u32 css_online, css_dying, css_released; /* masks in cgroup_subsys_state.flags */
	__u32 frozen;				   /* in cgroup.flags */
	__u32 pids_local_events;		   /* in cgroup_root.flags */
	/* memcg_vmstats */
	__s16 state[WIRE_WALK_STATES];
	__s16 pgfault, pgmajfault;
	__s16 pgscan[WIRE_WALK_RECLAIMERS], pgsteal[WIRE_WALK_RECLAIMERS];
	__u16 reclaim_is_state; /* where those two are: in state[], or in events[] */
	/* Possible CPUs, and what is added to a per-CPU pointer for each. 0: not known. */
	__u32 cpus;
	__u64 per_cpu_offset[WIRE_WALK_CPUS];
};
WIRE_SIZE(struct wire_walk_setup, 96 + 8 * WIRE_WALK_CPUS);

/* A cgroup in which what every walk looks at stands still is looked at whole in one walk of so
 * many, each in its own; more often, in its short turns, at what moves though nothing runs. */
#define WIRE_WALK_TURNS 30
#define WIRE_WALK_SHORT_TURNS 10
#define WIRE_WALK_ALL WIRE_WALK_TURNS		/* the turn of everyone */
#define WIRE_WALK_ALL_SHORT (WIRE_WALK_ALL + 1) /* the short turn of everyone */

/* In a place that is asked for: something ran there. */
#define WIRE_WALK_RAN (1U << 31)

/* Zeroed before each walk, but for what the loader says. */
struct wire_walk_state {
	__u64 wanted;	/* from the loader: bits of enum wire_walk_field; others that cost are left
			   out */
	__u32 has_swap; /* likewise: the kernel keeps counters of swap */
	__u32 turn;	/* likewise: whose it is, of WIRE_WALK_TURNS, or everyone's */
	__u32 cgroups;	/* rows filled */
	__u32 changed;	/* of them with a value that is not what the walk before left there */
	__u32 moved;	/* 1: some of them are of other cgroups than it left there */
	__u32 is_as_before; /* css iterator: each row is of whom it was of */
	__u64 unseen;	    /* cgroups for which there was no room */
	/* stepper: the css it comes to next (0 at the end), how to know it again, and where it
	 * started. The walk is torn, and ends, when that css has been taken out of the tree. */
	__u64 next, next_serial, start;
	__u32 is_begun, is_torn;
	/* From the loader, css iterator: while each row is of whom it was of, only so many places
	 * are looked at, those of walk_asked. */
	__u32 is_partial, asked;
	__u32 due, unused; /* css iterator: rows that it looked at */
	__u64 touched;	   /* likewise: of what it asked for ahead, which nobody needs */
};
WIRE_SIZE(struct wire_walk_state, 96);

#endif
