// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Block I/O per cgroup, device and operation: how much, and how long it took. The loader takes one
 * of two hooks.
 *
 * At completion, for both: the kernel itself has noted when a request was issued, so nobody else
 * need keep that. Completions interrupt any task, and on some virtual machines no program runs on
 * top of those that are the platform's own. User space compares with the disk's own counters, and
 * says what was lost.
 *
 * At issue, for counts alone: there a task is current that does block I/O, its own or the kernel's
 * for it, so nothing is lost.
 *
 * Hot path: three adds in two cache lines of this CPU's own, two more for a write that nobody waits
 * for; a search in a hash where those lines are another's; nothing is streamed. */
#include "block.bpf.h"
#include "latency.bpf.h"
#include "rows.bpf.h"

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_HASH);
	__uint(max_entries, 16384); /* the loader sets it from the configuration */
	__type(key, struct wire_blkio_key);
	__type(value, struct wire_blkio_copy);
} blkio_rows SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1); /* likewise: of each CPU direct_rows */
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

static const struct wire_blkio_copy zero;
static const struct row_maps maps = {
	.hash = &blkio_rows,
	.direct = &blkio_direct,
	.ancestors = &blkio_ancestors,
	.ring = &blkio_touched,
	.touches = &blkio_touches,
	.dropped = &blkio_dropped,
	.zero = &zero,
	.direct_size = sizeof(struct wire_blkio_direct),
};

/* The data of a request, as it is now: counted, or taken back. What will fail counts too. The data
 * between the flushes of a flush sequence is issued once, as a write. */
static __always_inline int account(struct request *rq, bool take_back)
{
	struct bio *bio = rq->bio;
	const __u32 req_op = rq->cmd_flags & REQ_OP_MASK;
	const __u64 bytes = rq->__data_len;
	struct wire_blkio_key key;
	struct gendisk *disk;
	struct wire_blkio *io;
	struct found_row found;

	/* Without a bio: the one flush that stands for those of several requests, and so has no
	 * cgroup. Without bytes: zone management. */
	if (!bio || !bytes || req_op >= REQ_OP_FIRST_PASSTHROUGH)
		return 0;
	disk = disk_of(rq);
	if (!disk)
		return 0;
	key = key_of(bio, disk, op_of(req_op));
	found = find_row(bio, &key);
	if (!found.row) {
		if (!take_back)
			WIRE_ATOMIC_ADD(&blkio_dropped, 1);
		return 0;
	}
	io = (void *)(found.row + 1);
	/* Atomic although it is this CPU's own: an interrupt may take a request back amid this,
	 * and on some kernels another task may be let in. */
	WIRE_ATOMIC_ADD(&io->bytes, take_back ? -bytes : bytes);
	WIRE_ATOMIC_ADD(&io->untimed, take_back ? -1ULL : 1ULL);
	if (is_async(rq->cmd_flags)) {
		WIRE_ATOMIC_ADD(&io->async_bytes, take_back ? -bytes : bytes);
		WIRE_ATOMIC_ADD(&io->async_ops, take_back ? -1ULL : 1ULL);
	}
	tell(bio, &key, found);
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

/* From when it was last issued to the device; from when the request was made on kernels and
 * devices of which only that is noted, and of a flush, which waits for those of others. 0: neither
 * is, since the device has iostats switched off and nothing else asks for it. */
static __always_inline __u64 began(struct request *rq, bool flush)
{
	__u64 issued = flush ? 0 : rq->io_start_time_ns;

	return issued ? issued : rq->start_time_ns;
}

/* Of a bio whose request has no data left: whether it waited for the disk's cache to be flushed.
 * Where a disk can write past its cache, a write that is to do so completes once, with its data.
 * The request does not say: the kernel takes these flags off. */
static __always_inline bool is_flush(struct bio *bio)
{
	return bio->bi_opf & flush_flags();
}

/* As the disk's own counters do it: bytes with each part that is done, the request with its last.
 * What failed counts too. */
SEC("tp_btf/block_rq_complete")
int BPF_PROG(completed, struct request *rq, int error, unsigned int bytes)
{
	const __u32 flags = rq->cmd_flags;
	const __u32 left = rq->__data_len;
	const bool more = bytes < left; /* is to come */
	const __u64 done = more ? bytes : left;
	const bool async = done && is_async(flags);
	struct bio *bio = rq->bio;
	struct wire_blkio_key key;
	struct gendisk *disk;
	struct wire_blkio *io;
	struct found_row found;
	__u64 start;
	__s64 ns;

	if (!bio || (more && !done) || (flags & REQ_OP_MASK) >= REQ_OP_FIRST_PASSTHROUGH)
		return 0;
	/* With nothing left, it is the end of a flush, or of the flush around a write whose data
	 * has completed before, or zone management. */
	start = began(rq, !left);
	if (!left && !(start && is_flush(bio)))
		return 0;
	disk = disk_of(rq);
	if (!disk)
		return 0;
	key = key_of(bio, disk, left ? op_of(flags & REQ_OP_MASK) : WIRE_BLKIO_FLUSH);
	found = find_row(bio, &key);
	if (!found.row) {
		if (!more)
			WIRE_ATOMIC_ADD(&blkio_dropped, 1);
		return 0;
	}
	io = (void *)(found.row + 1);
	/* Atomic although it is this CPU's own: on kernels that let a program be interrupted by
	 * itself, another completion may come amid this. */
	if (done)
		WIRE_ATOMIC_ADD(&io->bytes, done);
	if (async)
		WIRE_ATOMIC_ADD(&io->async_bytes, done);
	if (!more && async)
		WIRE_ATOMIC_ADD(&io->async_ops, 1);
	if (!more && !start)
		WIRE_ATOMIC_ADD(&io->untimed, 1);
	if (!more && start) {
		ns = bpf_ktime_get_ns() - start;
		if (ns < 0)
			ns = 0;
		WIRE_ATOMIC_ADD(&io->latency.sum_ns, ns);
		WIRE_ATOMIC_ADD(&io->latency.count[bucket_of(ns)], 1);
	}
	tell(bio, &key, found);
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
