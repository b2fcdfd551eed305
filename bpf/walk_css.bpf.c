// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* A walk in one call of a program, by the css iterator (6.7), which follows the tree in the kernel.
 */
#define WALK_PLAIN_LOADS
#include "walk.bpf.h"

struct bpf_iter_css {
	__u64 opaque[3];
} __attribute__((aligned(8)));

extern int bpf_iter_css_new(struct bpf_iter_css *it, struct cgroup_subsys_state *start,
			    unsigned int flags) __ksym;
extern struct cgroup_subsys_state *bpf_iter_css_next(struct bpf_iter_css *it) __ksym;
extern void bpf_iter_css_destroy(struct bpf_iter_css *it) __ksym;

/* A global function: the verifier looks at it once, not again in each turn of the loop, for which
 * that of 6.12 has no patience. */
__noinline int walk_at(__u64 cgrp)
{
	walk_cgroup(AS(struct cgroup, (void *)cgrp));
	return 0;
}

/* As a number, for a pointer cannot be passed: read as a field of a struct that has numbers. */
static __always_inline __u64 cgroup_of(struct cgroup_subsys_state *css)
{
	const void *at = (void *)css + bpf_core_field_offset(css->cgroup);

	return AS(struct kernel_cpustat, at)->cpustat[0];
}

SEC("iter/cgroup")
int walk(struct bpf_iter__cgroup *ctx)
{
	struct cgroup *top = ctx->cgroup;
	struct cgroup_subsys_state *css;
	struct bpf_iter_css it;

	if (!top)
		return 0;
	bpf_iter_css_new(&it, &top->self, BPF_CGROUP_ITER_DESCENDANTS_PRE);
	while ((css = bpf_iter_css_next(&it))) {
		/* What is being removed stays in the tree for a while. */
		if ((css->flags & (setup.css_online | setup.css_dying)) != setup.css_online)
			continue;
		walk_at(cgroup_of(css));
	}
	bpf_iter_css_destroy(&it);
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
