/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What one walk over a cgroup tree finds, as the walk programs of bpf/ fill it and src/source/bpf
 * reads it. A walk is of one hierarchy: of the v2 tree, or of one v1 hierarchy, in which only the
 * fields of its own controllers are present. */
#ifndef HOSTMETER_WIRE_WALK_H
#define HOSTMETER_WIRE_WALK_H

#include "hostmeter/wire/wire.h"

/* In ns, bytes or counts, of the cgroup with all below it unless the field says otherwise.
 * A limit that is not set is WIRE_WALK_NO_LIMIT. */
#define WIRE_WALK_NO_LIMIT (~0ULL)

enum wire_walk_field {
	/* These are looked at in every walk, and lie at the beginning of a row. */
	WIRE_WALK_MEMORY_USAGE,
	WIRE_WALK_PGFAULT, /* memory.stat. v2: not in every walk, for what faults uses its CPU */
	WIRE_WALK_PIDS,
	/* CPU time. v2: bstat, v1: cpuacct. */
	WIRE_WALK_CPU_USAGE,
	WIRE_WALK_CPU_USER, /* as counted in ticks: user space adjusts both to the usage, as the */
	WIRE_WALK_CPU_SYSTEM, /* kernel does when its file is read */
	/* The cpu controller: this cgroup's own bandwidth. */
	WIRE_WALK_CPU_PERIODS, /* in every walk where cpuacct is elsewhere */
	WIRE_WALK_CPU_THROTTLED_PERIODS,
	WIRE_WALK_CPU_THROTTLED,
	WIRE_WALK_CPU_BURST_PERIODS, /* 5.14 and later, and the next */
	WIRE_WALK_CPU_BURST,
	WIRE_WALK_CPU_QUOTA, /* per period */
	WIRE_WALK_CPU_PERIOD,
	WIRE_WALK_CPU_SHARES, /* 1024: the usual weight */
	/* The memory controller's counters. */
	WIRE_WALK_MEMORY_PEAK,
	WIRE_WALK_MEMORY_MAX,
	WIRE_WALK_MEMORY_HIGH,
	WIRE_WALK_MEMORY_LOW, /* v1: the soft limit */
	WIRE_WALK_MEMORY_FAILCNT,
	WIRE_WALK_SWAP_USAGE, /* v1: memory and swap together, and the next */
	WIRE_WALK_SWAP_MAX,
	WIRE_WALK_KERNEL_USAGE, /* v1: kmem */
	WIRE_WALK_EVENTS_LOW,
	WIRE_WALK_EVENTS_HIGH,
	WIRE_WALK_EVENTS_MAX,
	WIRE_WALK_EVENTS_OOM,
	WIRE_WALK_EVENTS_OOM_KILL,
	/* memory.stat */
	WIRE_WALK_ANON,
	WIRE_WALK_FILE,
	WIRE_WALK_FILE_MAPPED,
	WIRE_WALK_FILE_DIRTY,
	WIRE_WALK_FILE_WRITEBACK,
	WIRE_WALK_ACTIVE_FILE,
	WIRE_WALK_INACTIVE_FILE,
	WIRE_WALK_REFAULT_ANON,
	WIRE_WALK_REFAULT_FILE,
	WIRE_WALK_KERNEL, /* v2, 5.18 and later */
	WIRE_WALK_SWAP,	  /* v1: what total_swap says */
	WIRE_WALK_PGMAJFAULT,
	WIRE_WALK_OWN_PGFAULT, /* v1: without the cgroups below, and the next */
	WIRE_WALK_OWN_PGMAJFAULT,
	WIRE_WALK_PGSCAN,
	WIRE_WALK_PGSTEAL,
	/* The cgroup itself. */
	WIRE_WALK_DESCENDANTS,
	/* The pids controller. */
	WIRE_WALK_PIDS_MAX,
	WIRE_WALK_PIDS_EVENTS_MAX,
	/* The cgroup itself. */
	WIRE_WALK_THREADS, /* its own, without those below */
	WIRE_WALK_POPULATED,
	WIRE_WALK_FROZEN,
	/* v2: time stalled, as of the kernel's last update, up to 2 s ago. */
	WIRE_WALK_PSI_IO_SOME,
	WIRE_WALK_PSI_IO_FULL,
	WIRE_WALK_PSI_MEMORY_SOME,
	WIRE_WALK_PSI_MEMORY_FULL,
	WIRE_WALK_PSI_CPU_SOME,
	WIRE_WALK_PSI_CPU_FULL, /* 5.13 and later */
	WIRE_WALK_FIELDS
};

/* With its head a row is whole cache lines; what a walk of one hierarchy fills lies together. */
#define WIRE_WALK_VALUES 59

struct wire_walk_cgroup {
	__u64 id;     /* kernfs id of its directory in this hierarchy */
	__u64 parent; /* the same of the one above it; 0: it is the root */
	__u64 serial; /* of its css: never used again while the host is up */
	__u32 level;  /* 0: the root */
	__u32 unused;
	__u64 present; /* bit i: value[i] is there */
	__u64 value[WIRE_WALK_VALUES];
};
WIRE_SIZE(struct wire_walk_cgroup, 8 * 64);
WIRE_SIZE(char[WIRE_WALK_FIELDS <= WIRE_WALK_VALUES ? 1 : 2], 1);

#endif
