/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Block I/O of a cgroup, as bpf/blkio.bpf.c sums it up and src/source/bpf reads it. */
#ifndef HOSTMETER_WIRE_BLKIO_H
#define HOSTMETER_WIRE_BLKIO_H

#include "hostmeter/wire/latency.h"
#include "hostmeter/wire/touched.h"
#include "hostmeter/wire/wire.h"

/* Those that move data come first; a flush is only timed. */
enum wire_blkio_op {
	WIRE_BLKIO_READ,
	WIRE_BLKIO_WRITE,
	WIRE_BLKIO_DISCARD,
	WIRE_BLKIO_COUNTED_OPS,
	WIRE_BLKIO_FLUSH = WIRE_BLKIO_COUNTED_OPS,
	WIRE_BLKIO_OPS
};

struct wire_blkio_key {
	__u64 cgroup_id; /* kernfs id in the hierarchy of the io (v1: blkio) controller; 0: of no
			    cgroup */
	__u64 css;	 /* serial number of the controller's state of that cgroup, which unlike id
			    and address is never used again; a cgroup has another each time the
			    controller is switched on for it; 0: of no cgroup */
	__u32 dev;	 /* the whole disk: major << WIRE_DEV_MINOR_BITS | minor */
	__u32 op;	 /* enum wire_blkio_op */
};
WIRE_SIZE(struct wire_blkio_key, 24);

/* One for each CPU. Where requests are counted when they are issued, they are taken back, on
 * whatever CPU, when they are queued again: so only the sum over all CPUs means something, and that
 * may shrink for a moment, even below zero (modulo 2^64). */
struct wire_blkio {
	__u64 bytes;
	__u64 untimed;	   /* requests that are not in latency; counted at issue: all of them */
	__u64 async_bytes; /* of bytes, and of all requests: those that the kernel was not told */
	__u64 async_ops;   /* that somebody waits for */
	struct wire_latency latency;
};
WIRE_SIZE(struct wire_blkio, 136);

/* One CPU's copy of a row. */
struct wire_blkio_copy {
	struct wire_touched touched;
	struct wire_blkio io;
};
WIRE_SIZE(struct wire_blkio_copy, 144);

/* Direct rows: an array for each CPU in front of its copies, found by the key alone, whole cache
 * lines. One belongs to the first key that claims it, until user space sets it free; what of that
 * key happened on that CPU is the sum of both. bpf/direct.bpf.h
 * The key but for cgroup_id: that is two more pointers away from an event than css, in memory that
 * block I/O does not touch otherwise. */
struct wire_blkio_owner {
	__u64 css;
	__u32 dev; /* written last; 0: nobody's yet */
	__u32 op;
	struct wire_touched touched;
};
WIRE_SIZE(struct wire_blkio_owner, 24);
struct wire_blkio_direct {
	struct wire_blkio_owner owner;
	struct wire_blkio io;
	__u64 unused[4];
};
WIRE_SIZE(struct wire_blkio_direct, 192);

/* Where a key's is, of so many (a power of two). The high bits of a product depend on all bits. */
static inline __u32 wire_blkio_direct_index(const struct wire_blkio_key *key, __u32 rows)
{
	const __u64 mixed = key->css ^ (__u64)key->dev << 32 ^ (__u64)key->op << 30;

	return (__u32)(mixed * 0x9e3779b97f4a7c15ULL >> 40) & (rows - 1);
}

#endif
