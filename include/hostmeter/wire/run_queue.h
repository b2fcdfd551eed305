/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Waits for a CPU, as bpf/run_queue.bpf.c sums them up and src/source/bpf reads them. */
#ifndef HOSTMETER_WIRE_RUN_QUEUE_H
#define HOSTMETER_WIRE_RUN_QUEUE_H

#include "hostmeter/wire/latency.h"

/* The rows are an array, [slot][cpu]. A slot is the id of a cgroup's css, which the kernel gives
 * to another cgroup when one is gone: cgroup_id says whose the row is now. Only its own CPU writes
 * to it, but for user space, which sets cgroup_id to 0 once it has seen the cgroup's end.
 * Slot 0, which no css has, is for those that are beyond the last slot. */
struct wire_run_queue {
	__u64 cgroup_id; /* kernfs id; of slot 0: the highest slot that this CPU has used */
	struct wire_latency waits;
	__u64 unused[2];
};
WIRE_SIZE(struct wire_run_queue, 128);

#endif
