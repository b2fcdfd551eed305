/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Notes which cgroups are above one. */
#pragma once
#include "kernel.bpf.h"

#include "hostmeter/wire/ancestors.h"

/* Only when a cgroup is met for the first time. A map that is full costs the parents of
 * short-lived cgroups their share, nothing else. */
static __always_inline void note_ancestors(void *map, __u64 cgroup_id,
					   struct cgroup_subsys_state *css)
{
	struct wire_ancestors above = {};

#pragma unroll
	for (int i = 0; i < WIRE_ANCESTORS; i++) {
		css = css->parent;
		if (!css)
			break;
		above.cgroup_id[i] = css->cgroup->kn->id;
	}
	bpf_map_update_elem(map, &cgroup_id, &above, BPF_NOEXIST);
}
