/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Births and deaths, as bpf/life.bpf.c tells them and src/source/bpf reads them. */
#ifndef HOSTMETER_WIRE_LIFE_H
#define HOSTMETER_WIRE_LIFE_H

#include "hostmeter/wire/wire.h"

enum wire_life_kind { WIRE_LIFE_MADE, WIRE_LIFE_REMOVED, WIRE_LIFE_OOM_KILL, WIRE_LIFE_KINDS };

/* What every event begins with. A directory of a cgroup v1 host is told of in each hierarchy. */
struct wire_life_head {
	__u32 kind;	 /* enum wire_life_kind */
	__u32 hierarchy; /* as /proc/PID/cgroup numbers them; 0: the v2 tree */
	__u64 id;     /* kernfs id; of an OOM kill: of the victim's memory cgroup, 0: not known */
	__u64 parent; /* kernfs id of the one above */
	__u64 at_ns;  /* CLOCK_MONOTONIC */
};
WIRE_SIZE(struct wire_life_head, 32);

/* Final figures, in ns, bytes or counts, of the cgroup with all below it. Which are there depends
 * on the controllers of the hierarchy. */
enum wire_life_field {
	WIRE_LIFE_CPU_USAGE,
	WIRE_LIFE_CPU_USER, /* as counted in ticks: to be adjusted to the usage, as the kernel does
			     */
	WIRE_LIFE_CPU_SYSTEM,
	WIRE_LIFE_CPU_PERIODS, /* this and the next two: of its own quota */
	WIRE_LIFE_CPU_THROTTLED_PERIODS,
	WIRE_LIFE_CPU_THROTTLED,
	WIRE_LIFE_MEMORY_PEAK,
	WIRE_LIFE_MEMORY_FAILCNT, /* v1 only */
	WIRE_LIFE_EVENTS_HIGH,	  /* v2 only, and the next */
	WIRE_LIFE_EVENTS_MAX,
	WIRE_LIFE_EVENTS_OOM_KILL,
	WIRE_LIFE_EXECS,
	WIRE_LIFE_EXITS,
	WIRE_LIFE_FIELDS
};

#define WIRE_LIFE_PATH 1024 /* with its NUL; the kernel's own limit in this tracepoint */

struct wire_life_removed {
	struct wire_life_head head;
	__u64 made_ns; /* 0: before the program was there to see it, or not noted */
	__u64 present; /* bit i: value[i] is there */
	__u64 value[WIRE_LIFE_FIELDS];
	char path[WIRE_LIFE_PATH]; /* below the hierarchy's root; the event ends with its NUL */
};
#define WIRE_LIFE_REMOVED_HEAD (48 + 8 * WIRE_LIFE_FIELDS)
WIRE_SIZE(struct wire_life_removed, WIRE_LIFE_REMOVED_HEAD + WIRE_LIFE_PATH);

struct wire_life_oom_kill {
	struct wire_life_head head;
	__u32 pid;	 /* of the process, in the host's PID namespace */
	__u32 has_bytes; /* whether the victim's memory is known */
	__u64 bytes;	 /* anonymous, file and shared pages that it had mapped */
	char comm[16];	 /* "": not known */
};
WIRE_SIZE(struct wire_life_oom_kill, 64);

/* What the processes of a cgroup and of all below it did. */
struct wire_life_processes {
	__u64 execs;
	__u64 exits;
	__u64 whole; /* 0: there may have been more, while the map had no room for this row */
};
WIRE_SIZE(struct wire_life_processes, 24);

/* Whose events are rationed together: the children of one cgroup, or the victims in one. */
struct wire_life_ration {
	__u64 id;
	__u32 hierarchy;
	__u32 kind;
};
WIRE_SIZE(struct wire_life_ration, 16);

struct wire_life_directory {
	__u64 id;
	__u64 hierarchy;
};
WIRE_SIZE(struct wire_life_directory, 16);

/* What is noted of a directory since it was made: its removed children's CPU time, which the
 * kernel may not have added to its own yet. */
struct wire_life_noted {
	__u64 made_ns;
	__u64 children_ns[3]; /* usage, user, system */
};
WIRE_SIZE(struct wire_life_noted, 32);

#endif
