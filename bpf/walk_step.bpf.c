// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* A walk for kernels without a cgroup iterator (5.10): an iterator over a map's elements calls the
 * program many times, and each time it goes on by one cgroup. Nothing holds the tree still between
 * two calls. */
#include "walk.bpf.h"

/* As deep as we climb at once. */
#define WALK_DEPTH 32

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1); /* the loader sets it: as many steps as there may be */
	__type(key, __u32);
	__type(value, __u32);
} walk_steps SEC(".maps");

/* Of the directory that our own task, which reads the iterator, has open. */
static __always_inline __u64 css_of_directory(void)
{
	struct task_struct *task = (void *)bpf_get_current_task();
	struct files_struct *files = BPF_CORE_READ(task, files);
	struct file **open = BPF_CORE_READ(files, fdt, fd);
	struct file *directory = COPY(struct file *, open, sizeof(*open) * setup.start_fd);
	struct kernfs_node *node = BPF_CORE_READ(directory, f_inode, i_private);
	__u64 cgrp = (__u64)BPF_CORE_READ(node, priv);

	return cgrp ? cgrp + OFFSET(struct cgroup, self) : 0;
}

static __always_inline __u32 flags_of(__u64 css)
{
	return COPY(__u32, css, OFFSET(struct cgroup_subsys_state, flags));
}

/* Parents first, as the kernel's own iterators go; 0: that was the last. */
static __always_inline __u64 css_after(__u64 css)
{
	const __u64 children = OFFSET(struct cgroup_subsys_state, children);
	const __u64 sibling = OFFSET(struct cgroup_subsys_state, sibling);
	__u64 next = COPY(__u64, css, children);

	if (next != css + children)
		return next - sibling;
	for (int i = 0; i < WALK_DEPTH && css != state.start; i++) {
		__u64 parent = COPY(__u64, css, OFFSET(struct cgroup_subsys_state, parent));

		next = COPY(__u64, css, sibling);
		if (next != parent + children)
			return next - sibling;
		css = parent;
	}
	if (css != state.start)
		state.is_torn = 1;
	return 0;
}

static __always_inline void go_to(__u64 css)
{
	state.next = css;
	if (css)
		state.next_serial = COPY(__u64, css, OFFSET(struct cgroup_subsys_state, serial_nr));
}

SEC("iter/bpf_map_elem")
int walk(struct bpf_iter__bpf_map_elem *ctx)
{
	__u64 css, next;
	__u32 flags;

	if (!ctx->value)
		return 0;
	if (!state.is_begun) {
		state.is_begun = 1;
		state.start = css_of_directory();
		go_to(state.start);
	}
	css = state.next;
	if (!css)
		return 0;
	next = css_after(css);
	flags = flags_of(css);
	/* One that was taken out still points to what came after it, which may be gone. */
	if (flags & setup.css_released ||
	    COPY(__u64, css, OFFSET(struct cgroup_subsys_state, serial_nr)) != state.next_serial) {
		state.is_torn = 1;
		state.next = 0;
		return 0;
	}
	if ((flags & (setup.css_online | setup.css_dying)) == setup.css_online)
		walk_cgroup(COPY(struct cgroup *, css, OFFSET(struct cgroup_subsys_state, cgroup)));
	go_to(next);
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
