// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* How long block I/O took, per cgroup, device and operation, summed up as it completes. There is
 * no state of a request in between: the kernel itself notes when it was issued.
 * Completions come in interrupts, and some of these events can be lost to us: whoever reads this
 * compares with what bpf/blkio.bpf.c has counted as issued, and says what is missing. */
#include "block.bpf.h"
#include "direct.bpf.h"
#include "latency.bpf.h"

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_HASH);
	__uint(max_entries, 4096); /* the loader sets it from the configuration */
	__type(key, struct wire_blkio_key);
	__type(value, struct wire_blkio_latency_copy);
} blkio_latencies SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1); /* likewise: direct_cpus * direct_rows */
	__type(key, __u32);
	__type(value, struct wire_blkio_latency_direct);
} blkio_latency_direct SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4096); /* likewise */
	__type(key, __u64);
	__type(value, struct wire_ancestors);
} blkio_latency_ancestors SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 64 * 1024); /* likewise */
} blkio_latency_touched SEC(".maps");

struct wire_touches blkio_latency_touches = {.tick = 1};
__u64 blkio_latency_dropped; /* operations that found the map full */

struct place {
	struct wire_latency *latency;
	struct wire_touched *touched;
};

/* NULL when the map is full. */
static __always_inline struct wire_blkio_latency_copy *copy_of(struct bio *bio,
							       const struct wire_blkio_key *key)
{
	static const struct wire_blkio_latency_copy zero;

	return row_of(&blkio_latencies, &blkio_latency_ancestors, bio, key, &zero);
}

/* Where this CPU sums up what is of the key. False when the map is full. */
static __always_inline bool find(struct bio *bio, const struct wire_blkio_key *key,
				 struct place *place)
{
	struct wire_blkio_latency_direct *direct = direct_of(&blkio_latency_direct, key);

	if (!direct || !is_owned_by(&direct->owner, key)) {
		struct wire_blkio_latency_copy *copy = copy_of(bio, key);

		if (!copy)
			return false;
		if (!direct ||
		    !claim(&direct->owner, sizeof(*direct), &blkio_latency_touched, key)) {
			place->latency = &copy->latency;
			place->touched = &copy->touched;
			return true;
		}
	}
	place->latency = &direct->latency;
	place->touched = &direct->owner.touched;
	return true;
}

/* User space finds a direct row when the key is in the hash, and sets it free with it: it may have
 * erased the key after the last event, and just missed the row that this one claimed. */
static __always_inline void tell(struct bio *bio, struct wire_blkio_key *key,
				 const struct place *place)
{
	if (is_touched(place->touched, &blkio_latency_touches))
		return;
	if (!copy_of(bio, key))
		__sync_fetch_and_add(&blkio_latency_dropped, 1);
	touch(&blkio_latency_touched, &blkio_latency_touches, place->touched, key, sizeof(*key));
}

/* From when it was last issued to the device; from when the request was made on kernels and
 * devices of which only that is noted, and of a flush, which waits for those of others. 0: the
 * device has iostats switched off. */
static __always_inline __u64 began(struct request *rq, bool flush)
{
	__u64 issued = flush ? 0 : rq->io_start_time_ns;

	return issued ? issued : rq->start_time_ns;
}

SEC("tp_btf/block_rq_complete")
int BPF_PROG(completed, struct request *rq, int error, unsigned int bytes)
{
	const __u32 flags = rq->cmd_flags;
	const __u32 left = rq->__data_len;
	struct bio *bio = rq->bio;
	struct wire_blkio_key key;
	struct gendisk *disk;
	struct place place;
	__u64 start;
	__s64 ns;

	/* With less than what is left, more is to come. Without any, it is the end of a flush, or
	 * of the flush around a write whose data has completed before, or zone management. */
	if (!bio || bytes < left || (flags & REQ_OP_MASK) >= REQ_OP_FIRST_PASSTHROUGH)
		return 0;
	if (!left && !is_flush(flags))
		return 0;
	start = began(rq, !left);
	disk = disk_of(rq);
	if (!start || !disk)
		return 0;
	key = key_of(bio, disk, left ? op_of(flags & REQ_OP_MASK) : WIRE_BLKIO_FLUSH);
	if (!find(bio, &key, &place)) {
		__sync_fetch_and_add(&blkio_latency_dropped, 1);
		return 0;
	}
	ns = bpf_ktime_get_ns() - start;
	if (ns < 0)
		ns = 0;
	/* Atomic although it is this CPU's own: on kernels that let a program be interrupted by
	 * itself, another completion may come amid this. */
	__sync_fetch_and_add(&place.latency->sum_ns, ns);
	__sync_fetch_and_add(&place.latency->count[bucket_of(ns)], 1);
	tell(bio, &key, &place);
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
