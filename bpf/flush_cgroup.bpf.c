// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Sums up what the CPUs have counted for a cgroup and all below it, of every controller (6.1 to
 * 6.15). */
#include "kernel.bpf.h"

extern void cgroup_rstat_flush(struct cgroup *cgrp) __ksym;

SEC("iter.s/cgroup")
int flush(struct bpf_iter__cgroup *ctx)
{
	struct cgroup *cgrp = ctx->cgroup;

	/* Of a struct of which nothing is read BTF has only that there is one, and libbpf then
	 * finds that the kernel's function takes another. */
	if (cgrp && cgrp->kn)
		cgroup_rstat_flush(cgrp);
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
