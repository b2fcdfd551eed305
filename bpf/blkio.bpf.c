// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Counts block I/O per cgroup, device and operation as it is issued to the device: there, unlike at
 * its completion, no interrupt is in the way, in which some virtual machines lose events.
 * Hot path: two adds in a cache line of this CPU's own, four for a write that nobody waits for; one
 * map lookup where that line is another's; nothing is streamed. */
#include "block.bpf.h"
#include "direct.bpf.h"

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_HASH);
	__uint(max_entries, 16384); /* the loader sets it from the configuration */
	__type(key, struct wire_blkio_key);
	__type(value, struct wire_blkio_copy);
} blkio_counts SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1); /* likewise: direct_cpus * direct_rows */
	__type(key, __u32);
	__type(value, struct wire_blkio_direct);
} blkio_direct SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16384); /* likewise */
	__type(key, __u64);
	__type(value, struct wire_ancestors);
} blkio_ancestors SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 64 * 1024); /* likewise */
} blkio_touched SEC(".maps");

struct wire_touches blkio_touches = {.tick = 1};
__u64 blkio_dropped; /* operations that found the map full */

static __always_inline struct gendisk *disk_of_bio(struct bio *bio)
{
	struct bio___old *old = (void *)bio;

	if (bpf_core_field_exists(old->bi_disk))
		return old->bi_disk;
	return bio->bi_bdev->bd_disk;
}

struct place {
	struct wire_blkio *counts;
	struct wire_touched *touched;
};

/* NULL when the map is full. */
static __always_inline struct wire_blkio_copy *copy_of(struct bio *bio,
						       const struct wire_blkio_key *key)
{
	static const struct wire_blkio_copy zero;

	return row_of(&blkio_counts, &blkio_ancestors, bio, key, &zero);
}

/* Where this CPU counts what is of the key. False when the map is full. */
static __always_inline bool find(struct bio *bio, const struct wire_blkio_key *key,
				 struct place *place)
{
	struct wire_blkio_direct *direct = direct_of(&blkio_direct, key);

	if (!direct || !is_owned_by(&direct->owner, key)) {
		struct wire_blkio_copy *copy = copy_of(bio, key);

		if (!copy)
			return false;
		if (!direct || !claim(&direct->owner, sizeof(*direct), &blkio_touched, key)) {
			place->counts = &copy->counts;
			place->touched = &copy->touched;
			return true;
		}
	}
	place->counts = &direct->counts;
	place->touched = &direct->owner.touched;
	return true;
}

/* User space finds a direct row when the key is in the hash, and sets it free with it: it may have
 * erased the key after the last event, and just missed the row that this one claimed. */
static __always_inline void tell(struct bio *bio, struct wire_blkio_key *key,
				 const struct place *place)
{
	if (is_touched(place->touched, &blkio_touches))
		return;
	if (!copy_of(bio, key))
		__sync_fetch_and_add(&blkio_dropped, 1);
	touch(&blkio_touched, &blkio_touches, place->touched, key, sizeof(*key));
}

/* The data of a request, as it is now: counted, or taken back. What will fail counts too. The data
 * between the flushes of a flush sequence is issued once, as a write. */
static __always_inline int account(struct request *rq, bool take_back)
{
	struct bio *bio = rq->bio;
	const __u32 req_op = rq->cmd_flags & REQ_OP_MASK;
	const __u64 bytes = rq->__data_len;
	struct wire_blkio_key key;
	struct gendisk *disk;
	struct place place;

	/* Without a bio: the one flush that stands for those of several requests. Without bytes:
	 * zone management. */
	if (!bio || !bytes || req_op >= REQ_OP_FIRST_PASSTHROUGH)
		return 0;
	disk = disk_of(rq);
	if (!disk)
		return 0;
	key = key_of(bio, disk, op_of(req_op));
	if (!find(bio, &key, &place)) {
		if (!take_back)
			__sync_fetch_and_add(&blkio_dropped, 1);
		return 0;
	}
	/* Atomic although it is this CPU's own: an interrupt may take a request back amid this,
	 * and on some kernels another task may be let in. */
	__sync_fetch_and_add(&place.counts->bytes, take_back ? -bytes : bytes);
	__sync_fetch_and_add(&place.counts->ops, take_back ? -1ULL : 1ULL);
	if (is_async(rq->cmd_flags)) {
		__sync_fetch_and_add(&place.counts->async_bytes, take_back ? -bytes : bytes);
		__sync_fetch_and_add(&place.counts->async_ops, take_back ? -1ULL : 1ULL);
	}
	tell(bio, &key, &place);
	return 0;
}

/* A request comes back when its device was busy or wants it tried again, and is then issued anew
 * with what it lacks (a part may be done), perhaps with more merged to it. So what it lacks is
 * taken back. The event comes as well for requests that never got so far as to be issued; of the
 * others the state is still what it was. */
static __always_inline int take_back(struct request *rq)
{
	if (rq->state == bpf_core_enum_value(enum mq_rq_state, MQ_RQ_IDLE))
		return 0;
	return account(rq, true);
}

/* A request that is nothing but a flush is never issued: one flush without a bio, and so without a
 * cgroup, goes to the device for all that wait. Who asked is known where a bio gets its request.
 * Disks without a volatile cache have had the flag taken off before. */
static __always_inline int count_flush(struct bio *bio)
{
	struct wire_blkio_key key;
	struct gendisk *disk;
	struct place place;

	if (!is_flush(bio->bi_opf))
		return 0;
	disk = disk_of_bio(bio);
	if (!disk)
		return 0;
	key = key_of(bio, disk, WIRE_BLKIO_FLUSH);
	if (!find(bio, &key, &place)) {
		__sync_fetch_and_add(&blkio_dropped, 1);
		return 0;
	}
	__sync_fetch_and_add(&place.counts->ops, 1);
	tell(bio, &key, &place);
	return 0;
}

SEC("tp_btf/block_rq_issue")
int BPF_PROG(issued, struct request *rq)
{
	return account(rq, false);
}

SEC("tp_btf/block_rq_requeue")
int BPF_PROG(requeued, struct request *rq)
{
	return take_back(rq);
}

SEC("tp_btf/block_getrq")
int BPF_PROG(got_request, struct bio *bio)
{
	return count_flush(bio);
}

/* Before a54895fa057c and e8a676d61c07 (both 5.11, one of them in later 5.10 too) the queue comes
 * first. The loader takes one of each two. */
SEC("tp_btf/block_rq_issue")
int BPF_PROG(issued_old, struct request_queue *q, struct request *rq)
{
	return account(rq, false);
}

SEC("tp_btf/block_rq_requeue")
int BPF_PROG(requeued_old, struct request_queue *q, struct request *rq)
{
	return take_back(rq);
}

SEC("tp_btf/block_getrq")
int BPF_PROG(got_request_old, struct request_queue *q, struct bio *bio)
{
	return count_flush(bio);
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
