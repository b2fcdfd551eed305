/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Part of walk.bpf.h: what io.stat says, a row for each device that a cgroup has used. */

#define WALK_DEVICES 32

static __always_inline __u32 device_of(struct request_queue *queue)
{
	struct request_queue___old *old = (void *)queue;

	if (HAS(struct request_queue, disk)) {
		struct gendisk *disk = GET(queue, disk);

		if (!disk)
			return 0;
		return (__u32)GET(disk, major) << WIRE_DEV_MINOR_BITS | GET(disk, first_minor);
	} else {
		struct backing_dev_info *info =
			AT(struct backing_dev_info *, old,
			   OFFSET(struct request_queue___old, backing_dev_info));
		struct device *device = info ? GET(info, dev) : 0;

		return device ? GET(device, devt) : 0;
	}
}

static __always_inline void fill_device(__u64 id, struct blkcg_gq *blkg)
{
	const __u64 at = OFFSET(struct blkcg_gq, iostat) + OFFSET(struct blkg_iostat_set, cur);
	struct request_queue *queue = GET(blkg, q);
	__u64 counts[6];
	__u32 index = state.io;
	struct wire_walk_io *io;

	bpf_probe_read_kernel(counts, sizeof(counts), (void *)blkg + at);
	/* io.stat leaves out devices without a read or a write. */
	if (!(counts[0] | counts[1] | counts[3] | counts[4]))
		return;
	io = bpf_map_lookup_elem(&walk_io, &index);
	if (!io) {
		state.unseen++;
		return;
	}
	state.io = index + 1;
	io->id = id;
	io->dev = queue ? device_of(queue) : 0;
	io->unused = 0;
	for (int i = 0; i < 3; i++) {
		io->bytes[i] = counts[i];
		io->ops[i] = counts[3 + i];
	}
}

/* Of the cgroup with that id, from the first node of its list on. A global function: the verifier
 * looks at it once, not again for each way that leads to it. */
__noinline int walk_devices(__u64 node, __u64 id)
{
	for (int i = 0; i < WALK_DEVICES && node; i++) {
		struct blkcg_gq *blkg =
			AS(struct blkcg_gq, (void *)(node - OFFSET(struct blkcg_gq, blkcg_node)));

		if (GET(blkg, online))
			fill_device(id, blkg);
		node = (__u64)GET(blkg, blkcg_node.next);
	}
	if (node)
		state.unseen++;
	return 0;
}

static __always_inline void fill_io(struct wire_walk_cgroup *row, struct cgroup *cgrp)
{
	struct cgroup_subsys_state *css;
	__u64 first;

	if (!(setup.controllers & WIRE_WALK_ON_IO))
		return;
	css = CSS(cgrp, io_cgrp_id);
	if (!css)
		return;
	first = COPY(__u64, css, bpf_core_field_offset(struct blkcg, blkg_list.first));
	if (first)
		walk_devices(first, row->id);
}
