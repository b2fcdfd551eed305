// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* A walk in one call of a program, by the css iterator (6.7), which follows the tree in the kernel.
 */
#define WALK_PLAIN_LOADS
#include "walk.bpf.h"
#include "walk_touch.bpf.h"

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

#define ABSENT (~0ULL)

/* What a walk must see to know that nothing has moved. A cache line. */
struct known {
	__u64 cgrp, css; /* as in struct place */
	__u64 usage_at;	 /* v1: CPU usage on each CPU; 0: it is not here */
	__u64 unused;
	/* What is watched, as of the last walk. */
	__u64 cpu, memory, pgfaults, pids;
};

/* The cgroups of the last walk, in its order. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE); /* so its elements are whole cache lines */
	__uint(max_entries, 1);		   /* the loader sets it: as many as there are rows */
	__type(key, __u32);
	__type(value, struct known);
} walk_known SEC(".maps");

/* Places in it that the loader asks for, those where something ran with WIRE_WALK_RAN. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1); /* likewise */
	__type(key, __u32);
	__type(value, __u64); /* an array has no smaller elements */
} walk_asked SEC(".maps");

/* Places of rows that are to be looked at, whole or not. */
#define DUE_WHOLE (1ULL << 32)
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1); /* likewise */
	__type(key, __u32);
	__type(value, __u64);
} walk_due SEC(".maps");

#define PLACE_IN(map, i, end)                                                                      \
	({                                                                                         \
		const __u32 i_ = (i);                                                              \
		const __u64 *place_ = i_ < (end) ? bpf_map_lookup_elem(map, &i_) : 0;              \
		place_ ? *place_ : ~0U;                                                            \
	})

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

	if (index >= kept.known || !known)
		return false;
	at->cgrp = AS(struct cgroup, (void *)known->cgrp);
	at->css = AS(struct cgroup_subsys_state, (void *)known->css);
	return true;
}

static __always_inline bool has_moved(__u64 *known, __u64 value)
{
	if (*known == value)
		return false;
	*known = value;
	return true;
}

static __always_inline bool has_run(struct known *known, const struct place *at)
{
	struct task_group *group = group_alone(at);

	if (known->usage_at)
		return has_moved(&known->cpu, v1_usage(known->usage_at));
	if (setup.v2)
		return has_moved(&known->cpu, cpu_usage_of(at));
	return group && has_moved(&known->cpu, GET(group, cfs_bandwidth.nr_periods));
}

/* What did not run has faulted at no page. */
static __always_inline bool has_charged(struct known *known, const struct place *at, bool may_fault)
{
	struct mem_cgroup *memory = memory_of(at);
	bool has;

	has = has_moved(&known->memory, memory ? GET(memory, memory.usage.counter) : ABSENT);
	if (memory && !setup.v2 && may_fault)
		has |= has_moved(&known->pgfaults, pgfaults_of(memory));
	return has;
}

static __always_inline bool has_forked(struct known *known, const struct place *at)
{
	struct pids_cgroup *pids = pids_of(at);

	return has_moved(&known->pids, pids ? GET(pids, counter.counter) : ABSENT);
}

/* Global functions: the verifier looks at them once, not again in each turn of a loop, for which
 * that of 6.12 has no patience. */

/* Looks whether something has moved, and notes it for walk_some(). What changes after that is found
 * by the next walk. */
__noinline int glance(__u32 i)
{
	const __u64 asked = state.is_partial ? PLACE_IN(&walk_asked, i, state.asked) : i;
	const __u32 index = asked & ~WIRE_WALK_RAN;
	struct known *known = bpf_map_lookup_elem(&walk_known, &index);
	const __u32 end = state.due;
	bool moved, is_whole;
	struct place at;
	__u64 *due;

	if (!known || !find_place(&at, index))
		return 0;
	moved = has_run(known, &at);
	moved |= has_charged(known, &at, !state.is_partial || (asked & WIRE_WALK_RAN));
	moved |= has_forked(known, &at);
	is_whole = moved || !state.is_as_before || has_turn(index);
	if (!is_whole && !has_short_turn(index))
		return 0;
	due = bpf_map_lookup_elem(&walk_due, &end);
	if (due) {
		*due = index | (is_whole ? DUE_WHOLE : 0);
		state.due = end + 1;
	}
	return 0;
}

/* What glance() will read of the kernel. */
__noinline int touch_watched(__u32 i)
{
	const __u32 index =
		(state.is_partial ? PLACE_IN(&walk_asked, i, state.asked) : i) & ~WIRE_WALK_RAN;
	const struct known *known = bpf_map_lookup_elem(&walk_known, &index);
	struct mem_cgroup *memory;
	struct pids_cgroup *pids;
	struct place at;
	__u64 sum = 0;

	if (!known || !find_place(&at, index))
		return 0;
	if (known->usage_at)
		for (__u32 cpu = 0; cpu < setup.cpus && cpu < MOST_TOUCHED_CPUS; cpu++)
			sum += NUMBER(known->usage_at, setup.per_cpu_offset[cpu]);
	memory = memory_of(&at);
	if (memory)
		sum += GET(memory, memory.usage.counter);
	pids = pids_of(&at);
	if (pids)
		sum += GET(pids, counter.counter);
	state.touched += sum;
	return 0;
}

__noinline int touch(__u32 i)
{
	const __u64 due = PLACE_IN(&walk_due, i, state.due);
	const __u32 index = due;
	const struct wire_walk_cgroup *row = bpf_map_lookup_elem(&walk_cgroups, &index);
	struct place at;

	if (!row || !find_place(&at, index))
		return 0;
	state.touched += touch_restless(row, at.cgrp);
	if (due & DUE_WHOLE)
		state.touched += touch_row(row) + touch_place(&at);
	return 0;
}

__noinline int walk_one(__u32 i)
{
	const __u32 index = PLACE_IN(&walk_due, i, state.due);
	struct place at;

	if (find_place(&at, index))
		walk_place(&at, index, state.is_as_before);
	return 0;
}

/* More where of each there is less to read. */
#define GLANCES_AT_ONCE 32
#define AT_ONCE 8

__noinline int glance_some(__u32 first)
{
#pragma unroll
	for (__u32 i = 0; i < GLANCES_AT_ONCE; i++)
		touch_watched(first + i);
#pragma unroll
	for (__u32 i = 0; i < GLANCES_AT_ONCE; i++)
		glance(first + i);
	return 0;
}

__noinline int walk_some(__u32 first)
{
#pragma unroll
	for (__u32 i = 0; i < AT_ONCE; i++)
		touch(first + i);
#pragma unroll
	for (__u32 i = 0; i < AT_ONCE; i++)
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
	if (!setup.v2 && (setup.controllers & WIRE_WALK_ON_CPUACCT))
		known->usage_at = v1_usage_at(AS(struct cgroup_subsys_state, (void *)known->css));
	kept.known = index + 1;
}

/* By the links between them, each of which leads only to the next. */
static __always_inline void follow(struct cgroup *top)
{
	struct cgroup_subsys_state *css;
	struct bpf_iter_css it;

	bpf_iter_css_new(&it, &top->self, BPF_CGROUP_ITER_DESCENDANTS_PRE);
	while ((css = bpf_iter_css_next(&it))) {
		/* What is being removed stays in the tree for a while. */
		if ((css->flags & (setup.css_online | setup.css_dying)) == setup.css_online)
			note(css);
	}
	bpf_iter_css_destroy(&it);
}

static __always_inline void for_some(__u32 count, __u32 at_once, int (*work)(__u32 first))
{
	struct bpf_iter_num it;
	int *turn;

	bpf_iter_num_new(&it, 0, (count + at_once - 1) / at_once);
	while ((turn = bpf_iter_num_next(&it)))
		work(*turn * at_once);
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
	state.is_as_before =
		kept.known == (__u32)top->nr_descendants + 1 && kept.known_at == changes;
	if (!state.is_as_before) {
		state.is_partial = 0;
		kept.known = 0;
		kept.known_at = changes;
		follow(top);
	}
	state.cgroups = kept.known;
	for_some(state.is_partial ? state.asked : kept.known, GLANCES_AT_ONCE, glance_some);
	for_some(state.due, AT_ONCE, walk_some);
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
