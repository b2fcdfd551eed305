// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* A walk by the kernel's cgroup iterator (6.1), which calls the program at each cgroup that is not
 * being removed. */
#include "walk.bpf.h"

SEC("iter/cgroup")
int walk(struct bpf_iter__cgroup *ctx)
{
	struct cgroup *cgrp = ctx->cgroup;

	if (cgrp)
		walk_cgroup(cgrp);
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
