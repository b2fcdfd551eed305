// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Counts completed block I/O per cgroup, device and operation.
 * Hot path: one map lookup and two adds on this CPU's own copy; nothing is streamed. */
#include "kernel.bpf.h"

#include "hostmeter/wire/blkio.h"

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_HASH);
	__uint(max_entries, 16384); /* the loader sets it from the configuration */
	__type(key, struct wire_blkio_key);
	__type(value, struct wire_blkio);
} blkio_counts SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16384); /* likewise */
	__type(key, __u64);
	__type(value, struct wire_blkio_ancestors);
} blkio_ancestors SEC(".maps");

__u64 blkio_dropped; /* operations that found the map full */

/* enum req_op (req_opf before 6.0): these numbers never changed; 32 and more are a driver's own
 * commands, which io.stat and diskstats leave out too. */
#define REQ_OP_MASK 0xff
#define REQ_OP_WRITE 1
#define REQ_OP_FLUSH 2
#define REQ_OP_DISCARD 3
#define REQ_OP_FIRST_PASSTHROUGH 32

/* As io.stat and diskstats do: of the data operations odd ones are writes, so that secure erase (5),
 * write zeroes (9) and zone append are writes, and discard alone is apart. What failed counts too.
 *
 * A request with a flush before or after its data completes a second time, with no bytes left, at
 * the end of its flush sequence; one that is nothing but a flush completes only so. Either is one
 * flush that this cgroup waited for. */
static __always_inline __u32 op_of(__u32 req_op, __u32 data_len)
{
	if (req_op == REQ_OP_DISCARD)
		return WIRE_BLKIO_DISCARD;
	if (req_op == REQ_OP_FLUSH || (req_op == REQ_OP_WRITE && !data_len))
		return WIRE_BLKIO_FLUSH;
	return req_op & 1 ? WIRE_BLKIO_WRITE : WIRE_BLKIO_READ;
}

static __always_inline struct gendisk *disk_of(struct request *rq)
{
	struct request___old *old = (void *)rq;

	if (bpf_core_field_exists(old->rq_disk))
		return old->rq_disk;
	return rq->q->disk;
}

/* Only when a cgroup is met for the first time on a device. A map that is full costs the parents
 * of short-lived cgroups their share, nothing else. */
static __always_inline void note_ancestors(__u64 cgroup_id, struct cgroup_subsys_state *css)
{
	struct wire_blkio_ancestors above = {};

#pragma unroll
	for (int i = 0; i < WIRE_BLKIO_ANCESTORS; i++) {
		css = css->parent;
		if (!css)
			break;
		above.cgroup_id[i] = css->cgroup->kn->id;
	}
	bpf_map_update_elem(&blkio_ancestors, &cgroup_id, &above, BPF_NOEXIST);
}

static __always_inline struct wire_blkio *counts_of(struct wire_blkio_key *key, struct blkcg_gq *blkg)
{
	const struct wire_blkio zero = {};
	struct wire_blkio *counts = bpf_map_lookup_elem(&blkio_counts, key);

	if (counts)
		return counts;
	bpf_map_update_elem(&blkio_counts, key, &zero, BPF_NOEXIST);
	if (blkg)
		note_ancestors(key->cgroup_id, &blkg->blkcg->css);
	return bpf_map_lookup_elem(&blkio_counts, key);
}

SEC("tp_btf/block_rq_complete")
int BPF_PROG(count_completed, struct request *rq, int error, unsigned int completed)
{
	struct bio *bio = rq->bio;
	const __u32 req_op = rq->cmd_flags & REQ_OP_MASK;
	const __u32 data_len = rq->__data_len;
	const __u32 bytes = completed < data_len ? completed : data_len;
	struct gendisk *disk;
	struct blkcg_gq *blkg;
	struct wire_blkio *counts;
	struct wire_blkio_key key = {};

	/* Without a bio: the one flush that stands for those of several requests. */
	if (!bio || req_op >= REQ_OP_FIRST_PASSTHROUGH)
		return 0;
	disk = disk_of(rq);
	if (!disk)
		return 0;
	blkg = bio->bi_blkg;
	if (blkg)
		key.cgroup_id = blkg->blkcg->css.cgroup->kn->id;
	key.dev = (__u32)disk->major << WIRE_DEV_MINOR_BITS | disk->first_minor;
	key.op = op_of(req_op, data_len);
	if (!bytes && key.op != WIRE_BLKIO_FLUSH)
		return 0; /* zone management, or a part that failed at once */
	counts = counts_of(&key, blkg);
	if (!counts) {
		__sync_fetch_and_add(&blkio_dropped, 1);
		return 0;
	}
	/* Atomic although it is this CPU's copy: before 6.1 (05b24ff9b2cf) an interrupt that completes
	 * I/O may run this program within itself. */
	__sync_fetch_and_add(&counts->bytes, bytes);
	if (bytes == data_len) /* not a part of a request that completes piece by piece */
		__sync_fetch_and_add(&counts->ops, 1);
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
