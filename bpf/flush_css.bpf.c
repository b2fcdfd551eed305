// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Sums up what the CPUs have counted of a cgroup's CPU time, and of that of all below it.
 * Since 6.16 each controller is flushed on its own, and of those the verifier trusts no pointer to
 * the css. */
#include "kernel.bpf.h"

extern void css_rstat_flush(struct cgroup_subsys_state *css) __ksym;

SEC("iter.s/cgroup")
int flush(struct bpf_iter__cgroup *ctx)
{
	struct cgroup *cgrp = ctx->cgroup;

	if (cgrp)
		css_rstat_flush(&cgrp->self);
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
