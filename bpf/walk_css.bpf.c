// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* A walk in one call of a program, by the css iterator (6.7), which follows the tree in the kernel.
 */
#define WALK_PLAIN_LOADS
#include "walk.bpf.h"

struct bpf_iter_css {
	__u64 opaque[3];
} __attribute__((aligned(8)));
struct bpf_iter_num {
	__u64 opaque[1];
} __attribute__((aligned(8)));

extern int bpf_iter_css_new(struct bpf_iter_css *it, struct cgroup_subsys_state *start,
			    unsigned int flags) __ksym;
extern struct cgroup_subsys_state *bpf_iter_css_next(struct bpf_iter_css *it) __ksym;
extern void bpf_iter_css_destroy(struct bpf_iter_css *it) __ksym;
extern int bpf_iter_num_new(struct bpf_iter_num *it, int start, int end) __ksym;
extern int *bpf_iter_num_next(struct bpf_iter_num *it) __ksym;
extern void bpf_iter_num_destroy(struct bpf_iter_num *it) __ksym;

struct known {
	__u64 cgrp, css; /* as in struct place */
};

/* The cgroups of the last walk, in its order. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1); /* the loader sets it: as many as there are rows */
	__type(key, __u32);
	__type(value, struct known);
} walk_known SEC(".maps");

/* Beside the state, which is zeroed before each walk. */
struct {
	__u64 root;	/* of the hierarchy, from the first walk on */
	__u64 changes;	/* cgroups of it made and removed */
	__u64 known_at; /* as many there were at the last walk */
	__u32 known;	/* in walk_known; 0: not all that there are */
} kept SEC(".data.kept");

static __always_inline bool find_place(struct place *at, __u32 index)
{
	const struct known *known = bpf_map_lookup_elem(&walk_known, &index);

	if (!known)
		return false;
	at->cgrp = AS(struct cgroup, (void *)known->cgrp);
	at->css = AS(struct cgroup_subsys_state, (void *)known->css);
	return true;
}

/* Global functions: the verifier looks at them once, not again in each turn of a loop, for which
 * that of 6.12 has no patience. */

/* Of more, so much of it would not fit into the nearest cache. */
#define PEEKED_CPUS 16

/* What a walk at this cgroup begins with. To ask for it of some cgroups at once, before anything is
 * done with it, takes little longer than of one: memory is slow, and answers in parallel. */
__noinline int peek(__u32 index)
{
	struct wire_walk_cgroup *row = bpf_map_lookup_elem(&walk_cgroups, &index);
	struct mem_cgroup *memory;
	struct pids_cgroup *pids;
	struct place at;

	if (!row || !find_place(&at, index))
		return 0;
	memory = memory_of(&at);
	pids = pids_of(&at);
	return row->id + (setup.cpus <= PEEKED_CPUS ? cpu_usage_of(&at) : 0) +
	       (memory ? GET(memory, memory.usage.counter) : 0) +
	       (pids ? GET(pids, counter.counter) : 0);
}

__noinline int walk_one(__u32 index)
{
	struct place at;

	if (find_place(&at, index))
		walk_place(&at, state.is_as_before);
	return 0;
}

#define WALK_AT_ONCE 8

__noinline int walk_some(__u32 first, __u32 end)
{
#pragma unroll
	for (__u32 i = 0; i < WALK_AT_ONCE; i++)
		if (first + i < end)
			state.peeked += peek(first + i);
#pragma unroll
	for (__u32 i = 0; i < WALK_AT_ONCE; i++)
		if (first + i < end)
			walk_one(first + i);
	return 0;
}

static __always_inline void note(struct cgroup_subsys_state *css)
{
	const __u32 index = kept.known;
	struct known *known = bpf_map_lookup_elem(&walk_known, &index);

	if (!known) {
		state.unseen++;
		return;
	}
	known->cgrp = NUMBER(css, bpf_core_field_offset(css->cgroup));
	if (setup.subsys >= 0)
		known->css = NUMBER(known->cgrp,
				    OFFSET(struct cgroup, subsys) + sizeof(void *) * setup.subsys);
	kept.known = index + 1;
}

/* By the links between them, each of which leads only to the next. */
static __always_inline void follow(struct cgroup *top)
{
	struct cgroup_subsys_state *css;
	struct bpf_iter_css it;
	__u32 walked = 0;

	bpf_iter_css_new(&it, &top->self, BPF_CGROUP_ITER_DESCENDANTS_PRE);
	while ((css = bpf_iter_css_next(&it))) {
		/* What is being removed stays in the tree for a while. */
		if ((css->flags & (setup.css_online | setup.css_dying)) != setup.css_online)
			continue;
		note(css);
		if (kept.known - walked == WALK_AT_ONCE) {
			walk_some(walked, kept.known);
			walked = kept.known;
		}
	}
	bpf_iter_css_destroy(&it);
	walk_some(walked, kept.known);
}

static __always_inline void walk_known_ones(void)
{
	struct bpf_iter_num it;
	int *turn;

	bpf_iter_num_new(&it, 0, (kept.known + WALK_AT_ONCE - 1) / WALK_AT_ONCE);
	while ((turn = bpf_iter_num_next(&it)))
		walk_some(*turn * WALK_AT_ONCE, kept.known);
	bpf_iter_num_destroy(&it);
}

/* While no cgroup was made or removed those of the last walk are all there are, and alive. One that
 * is removed from here on, if the kernel lets it be, is not freed before the program has ended. */
SEC("iter/cgroup")
int walk(struct bpf_iter__cgroup *ctx)
{
	struct cgroup *top = ctx->cgroup;
	const __u64 changes = kept.changes;

	if (!top)
		return 0;
	kept.root = (__u64)top->root;
	if (kept.known == (__u32)top->nr_descendants + 1 && kept.known_at == changes) {
		state.is_as_before = 1;
		walk_known_ones();
		return 0;
	}
	kept.known = 0;
	kept.known_at = changes;
	follow(top);
	if (state.unseen)
		kept.known = 0;
	return 0;
}

/* Before the first walk nothing is known anyway. */
static __always_inline void note_change(struct cgroup *cgrp)
{
	if ((__u64)cgrp->root == kept.root)
		kept.changes++;
}

/* Both hold cgroup_mutex: one at a time. */
SEC("tp_btf/cgroup_mkdir")
int BPF_PROG(on_mkdir, struct cgroup *cgrp)
{
	note_change(cgrp);
	return 0;
}

SEC("tp_btf/cgroup_rmdir")
int BPF_PROG(on_rmdir, struct cgroup *cgrp)
{
	note_change(cgrp);
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
