/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What a block request is to us: of which cgroup and disk, and what it does. */
#pragma once
#include "kernel.bpf.h"

#include "hostmeter/wire/blkio.h"

/* enum req_op (req_opf before 6.0): these numbers never changed; 32 and more are a driver's own
 * commands, which io.stat and diskstats leave out too. */
#define REQ_OP_MASK 0xff
#define REQ_OP_READ 0
#define REQ_OP_DISCARD 3
#define REQ_OP_FIRST_PASSTHROUGH 32

/* As io.stat and diskstats do: of the data operations odd ones are writes, so that secure erase
 * (5), write zeroes (9) and zone append are writes, and discard alone is apart. */
static __always_inline __u32 op_of(__u32 req_op)
{
	if (req_op == REQ_OP_DISCARD)
		return WIRE_BLKIO_DISCARD;
	return req_op & 1 ? WIRE_BLKIO_WRITE : WIRE_BLKIO_READ;
}

/* Before what is written the disk's cache is to be flushed, or after. */
static __always_inline __u32 flush_flags(void)
{
	return 1U << bpf_core_enum_value(enum req_flag_bits, __REQ_FUA) |
	       1U << bpf_core_enum_value(enum req_flag_bits, __REQ_PREFLUSH);
}

/* As op_is_sync(): reads always are. */
static __always_inline bool is_async(__u32 flags)
{
	if ((flags & REQ_OP_MASK) == REQ_OP_READ)
		return false;
	return !(flags &
		 (1U << bpf_core_enum_value(enum req_flag_bits, __REQ_SYNC) | flush_flags()));
}

static __always_inline struct gendisk *disk_of(struct request *rq)
{
	struct request___old *old = (void *)rq;

	if (bpf_core_field_exists(old->rq_disk))
		return old->rq_disk;
	return rq->q->disk;
}

/* Of the whole disk and the cgroup that the bio belongs to, by its css alone: that is memory that
 * block I/O uses itself, the cgroup is not. */
static __always_inline struct wire_blkio_key key_of(struct bio *bio, struct gendisk *disk, __u32 op)
{
	struct wire_blkio_key key = {.op = op};
	struct blkcg_gq *blkg = bio->bi_blkg;

	if (blkg)
		key.css = blkg->blkcg->css.serial_nr;
	key.dev = (__u32)disk->major << WIRE_DEV_MINOR_BITS | disk->first_minor;
	return key;
}

/* The same, which names the cgroup. */
static __always_inline struct wire_blkio_key named_key_of(struct bio *bio, __u32 dev, __u32 op)
{
	struct wire_blkio_key key = {.dev = dev, .op = op};
	struct blkcg_gq *blkg = bio->bi_blkg;

	if (blkg) {
		key.css = blkg->blkcg->css.serial_nr;
		key.cgroup_id = blkg->blkcg->css.cgroup->kn->id;
	}
	return key;
}
