// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Sums up what the CPUs have counted of the memory of a cgroup and of all below it (7.x), if it is
 * as much as makes the kernel do so when memory.stat is read. */
#include "kernel.bpf.h"

extern struct mem_cgroup *bpf_get_mem_cgroup(struct cgroup_subsys_state *css) __ksym;
extern void bpf_mem_cgroup_flush_stats(struct mem_cgroup *memory) __ksym;
extern void bpf_put_mem_cgroup(struct mem_cgroup *memory) __ksym;

SEC("iter.s/cgroup")
int flush(struct bpf_iter__cgroup *ctx)
{
	struct cgroup *cgrp = ctx->cgroup;
	struct mem_cgroup *memory;

	if (!cgrp)
		return 0;
	memory = bpf_get_mem_cgroup(&cgrp->self);
	if (!memory)
		return 0;
	bpf_mem_cgroup_flush_stats(memory);
	bpf_put_mem_cgroup(memory);
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
