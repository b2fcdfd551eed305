// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* How long block I/O took, per cgroup, device and operation, summed up as it completes. There is
 * no state of a request in between: the kernel itself notes when it was issued.
 * Completions come in interrupts, and some of these events can be lost to us: whoever reads this
 * compares with what bpf/blkio.bpf.c has counted as issued, and says what is missing; of flushes,
 * which nothing else counts, that cannot be said. */
#include "block.bpf.h"
#include "latency.bpf.h"
#include "rows.bpf.h"

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_HASH);
	__uint(max_entries, 4096); /* the loader sets it from the configuration */
	__type(key, struct wire_blkio_key);
	__type(value, struct wire_blkio_latency_copy);
} blkio_latencies SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1); /* likewise: of each CPU direct_rows */
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

static const struct wire_blkio_latency_copy zero;
static const struct row_maps maps = {
	.hash = &blkio_latencies,
	.direct = &blkio_latency_direct,
	.ancestors = &blkio_latency_ancestors,
	.ring = &blkio_latency_touched,
	.touches = &blkio_latency_touches,
	.dropped = &blkio_latency_dropped,
	.zero = &zero,
	.direct_size = sizeof(struct wire_blkio_latency_direct),
};

/* From when it was last issued to the device; from when the request was made on kernels and
 * devices of which only that is noted, and of a flush, which waits for those of others. 0: the
 * device has iostats switched off. */
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

SEC("tp_btf/block_rq_complete")
int BPF_PROG(completed, struct request *rq, int error, unsigned int bytes)
{
	const __u32 flags = rq->cmd_flags;
	const __u32 left = rq->__data_len;
	struct bio *bio = rq->bio;
	struct wire_blkio_key key;
	struct gendisk *disk;
	struct wire_latency *latency;
	struct found_row found;
	__u64 start;
	__s64 ns;

	/* With less than what is left, more is to come. Without any, it is the end of a flush, or
	 * of the flush around a write whose data has completed before, or zone management. */
	if (!bio || bytes < left || (flags & REQ_OP_MASK) >= REQ_OP_FIRST_PASSTHROUGH)
		return 0;
	if (!left && !is_flush(bio))
		return 0;
	start = began(rq, !left);
	disk = disk_of(rq);
	if (!start || !disk)
		return 0;
	key = key_of(bio, disk, left ? op_of(flags & REQ_OP_MASK) : WIRE_BLKIO_FLUSH);
	found = find_row(bio, &key);
	if (!found.row) {
		WIRE_ATOMIC_ADD(&blkio_latency_dropped, 1);
		return 0;
	}
	ns = bpf_ktime_get_ns() - start;
	if (ns < 0)
		ns = 0;
	latency = (void *)(found.row + 1);
	/* Atomic although it is this CPU's own: on kernels that let a program be interrupted by
	 * itself, another completion may come amid this. */
	WIRE_ATOMIC_ADD(&latency->sum_ns, ns);
	WIRE_ATOMIC_ADD(&latency->count[bucket_of(ns)], 1);
	tell(bio, &key, found);
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
