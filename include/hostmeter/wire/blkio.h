/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Block I/O of a cgroup, as bpf/blkio.bpf.c counts it and src/source/bpf reads it. */
#ifndef HOSTMETER_WIRE_BLKIO_H
#define HOSTMETER_WIRE_BLKIO_H

#include "hostmeter/wire/latency.h"
#include "hostmeter/wire/touched.h"
#include "hostmeter/wire/wire.h"

enum wire_blkio_op {
	WIRE_BLKIO_READ,
	WIRE_BLKIO_WRITE,
	WIRE_BLKIO_DISCARD,
	WIRE_BLKIO_FLUSH,
	WIRE_BLKIO_OPS
};

struct wire_blkio_key {
	__u64 cgroup_id; /* kernfs id in the hierarchy of the io (v1: blkio) controller; 0: of no
			    cgroup */
	__u32 dev;	 /* the whole disk: major << WIRE_DEV_MINOR_BITS | minor */
	__u32 op;	 /* enum wire_blkio_op */
};
WIRE_SIZE(struct wire_blkio_key, 16);

/* One for each CPU. Counted when a request is issued, and taken back, on whatever CPU, when it is
 * queued again: so only the sum over all CPUs means something, and that may shrink for a moment,
 * even below zero (modulo 2^64). */
struct wire_blkio {
	__u64 bytes;
	__u64 ops;
	__u64 async_bytes; /* of these, those that the kernel was not told that somebody waits for
			    */
	__u64 async_ops;
};
WIRE_SIZE(struct wire_blkio, 32);

/* One CPU's copies of rows. */
struct wire_blkio_copy {
	struct wire_touched touched;
	struct wire_blkio counts;
};
WIRE_SIZE(struct wire_blkio_copy, 40);
struct wire_blkio_latency_copy {
	struct wire_touched touched;
	struct wire_latency latency;
};
WIRE_SIZE(struct wire_blkio_latency_copy, 112);

#endif
