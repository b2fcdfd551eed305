/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Reads something of each cache line that walk_place() will need. To ask for those of some cgroups
 * at once, before anything is done with them, takes little longer than for those of one: memory is
 * slow, and answers in parallel. */
#pragma once
#include "walk.bpf.h"

/* Of more, so much of it would not fit into the nearest cache. */
#define MOST_TOUCHED_CPUS 8

static __always_inline __u64 touch_row(const struct wire_walk_cgroup *row)
{
	__u64 sum = 0;

	if (setup.controllers & WIRE_WALK_ON_CPU)
		sum += row->value[WIRE_WALK_CPU_SHARES];
	if (setup.controllers & WIRE_WALK_ON_MEMORY)
		sum += row->value[WIRE_WALK_MEMORY_HIGH] + row->value[WIRE_WALK_EVENTS_OOM] +
		       row->value[WIRE_WALK_ACTIVE_FILE] + row->value[WIRE_WALK_PGSCAN];
	if (setup.controllers & WIRE_WALK_ON_PIDS)
		sum += row->value[WIRE_WALK_PIDS_MAX];
	return sum;
}

static __always_inline __u64 touch_restless(const struct wire_walk_cgroup *row, struct cgroup *cgrp)
{
	__u64 sum = row->value[WIRE_WALK_CPU_USAGE];

	if (!setup.v2)
		return sum;
	sum += GET(cgrp, flags);
	if (setup.has_pressure && is_wanted(PRESSURES)) {
		struct psi_group *psi = psi_of(cgrp);

		sum += row->value[WIRE_WALK_PSI_CPU_SOME];
		if (psi)
			sum += AT(__u64, psi, OFFSET(struct psi_group, total));
	}
	return sum;
}

static __always_inline __u64 touch_times(struct cgroup_subsys_state *css)
{
	const __u64 times_at = NUMBER(css, bpf_core_field_offset(struct cpuacct, cpustat)) +
			       OFFSET(struct kernel_cpustat, cpustat);
	__u64 sum = 0;

	for (__u32 cpu = 0; cpu < setup.cpus && cpu < MOST_TOUCHED_CPUS; cpu++)
		sum += NUMBER(times_at, setup.per_cpu_offset[cpu]);
	return sum;
}

static __always_inline __u64 touch_memory(struct mem_cgroup *memory)
{
	void *stats = vmstats_of(memory);
	__u64 sum = GET(memory, memory.max) + GET(memory, swap.usage.counter);

	if (!stats)
		return sum;
	for (int i = 0; i < WIRE_WALK_STATES; i++)
		if (setup.state[i] >= 0)
			sum += AT(__u64, stats,
				  OFFSET(struct memcg_vmstats, state) + 8 * setup.state[i]);
	if (setup.pgfault >= 0)
		sum += AT(__u64, stats, OFFSET(struct memcg_vmstats, events) + 8 * setup.pgfault);
	if (!setup.v2 && setup.pgfault >= 0 && HAS(struct memcg_vmstats, events_local))
		sum += AT(__u64, stats,
			  OFFSET(struct memcg_vmstats, events_local) + 8 * setup.pgfault);
	return sum;
}

/* Of the first css_set. */
static __always_inline __u64 touch_threads(struct cgroup *cgrp)
{
	const __u64 link = NUMBER(cgrp, bpf_core_field_offset(struct cgroup, cset_links.next));
	struct cgrp_cset_link *found;
	struct css_set *set;

	if (link == NUMBER(link, bpf_core_field_offset(struct list_head, prev)))
		return 0; /* the list's head: there is none */
	found = AS(struct cgrp_cset_link,
		   (void *)(link - OFFSET(struct cgrp_cset_link, cset_link)));
	set = GET(found, cset);
	return GET(set, nr_tasks);
}

static __always_inline __u64 touch_place(const struct place *at)
{
	struct cgroup_subsys_state *cpuacct = cpuacct_of(at);
	struct task_group *group = group_of(at);
	struct mem_cgroup *memory = memory_of(at);
	struct pids_cgroup *pids = pids_of(at);
	struct cgroup *cgrp = at->cgrp;
	__u64 sum = GET(cgrp, nr_descendants);

	if (is_wanted(BIT(WIRE_WALK_THREADS)))
		sum += touch_threads(cgrp);
	if (cpuacct)
		sum += touch_times(cpuacct);
	if (group && HAS(struct task_group, cfs_bandwidth))
		sum += GET(group, shares) + GET(group, cfs_bandwidth.nr_periods);
	if (memory)
		sum += touch_memory(memory);
	if (pids)
		sum += GET(pids, limit.counter);
	return sum;
}
