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
	__u64 cgroup_id; /* kernfs id; of slot 0: 0 */
	struct wire_latency waits;
	__u64 unused[2];
};
WIRE_SIZE(struct wire_run_queue, 128);

/* A byte for each slot, so many in an element of their array: 1 once a row of the slot has grown,
 * on any CPU, until user space sets it back before it reads them. */
#define WIRE_RUN_QUEUE_MARKS 8
struct wire_run_queue_marks {
	__u8 grown[WIRE_RUN_QUEUE_MARKS];
} __attribute__((aligned(WIRE_RUN_QUEUE_MARKS)));
WIRE_SIZE(struct wire_run_queue_marks, 8);

#endif
