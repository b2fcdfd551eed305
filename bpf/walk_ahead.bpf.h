/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Part of walk.bpf.h: memory of the next cgroups is asked for while this one is being read. What a
 * walk reads of a cgroup lies in a dozen or two cache lines, which have grown cold since the last
 * tick: followed from pointer to pointer they would be waited for one after the other. */

/* Where the last walk found what it read at this place. Another cgroup may be there now, and this
 * memory be something else's: it is only loaded from, by loads that give 0 where nothing is
 * mapped, and what they give is not used. A load from a device's memory might do something: so
 * there are only small objects here, which stay memory, and none that is mapped, as what is counted
 * on each CPU may be. */
struct walk_place {
	__u64 cgrp, cpu, cpuacct, memory, statistics, pids, psi, link, set;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1); /* the loader sets it, as that of walk_cgroups */
	__type(key, __u32);
	__type(value, struct walk_place);
} walk_places SEC(".maps");

#define NOTE(to, what, pointer)                                                                    \
	do {                                                                                       \
		if ((to)->place)                                                                   \
			(to)->place->what = (__u64)(pointer);                                      \
	} while (0)

/* A load whose result nobody waits for. */
#define ASK_FOR(value) asm volatile("" : : "r"((__u64)(value)))
#define LINE 64

/* One field of each line that the fill functions read from. */
static __always_inline void ask_for_cgroup(__u64 address)
{
	struct cgroup *cgrp = AS(struct cgroup, (void *)address);

	ASK_FOR(GET(cgrp, self.sibling.next));
	ASK_FOR(GET(cgrp, self.serial_nr));
	ASK_FOR(GET(cgrp, self.parent));
	if (setup.controllers & WIRE_WALK_ON_CPU)
		ASK_FOR(CSS(cgrp, cpu_cgrp_id));
	if (setup.controllers & WIRE_WALK_ON_MEMORY)
		ASK_FOR(CSS(cgrp, memory_cgrp_id));
	if (setup.controllers & WIRE_WALK_ON_PIDS)
		ASK_FOR(CSS(cgrp, pids_cgrp_id));
	if (is_wanted(BIT(WIRE_WALK_POPULATED) | BIT(WIRE_WALK_FROZEN)))
		ASK_FOR(GET(cgrp, nr_populated_domain_children));
	if (is_wanted(BIT(WIRE_WALK_THREADS)))
		ASK_FOR(GET(cgrp, cset_links.next));
	if (!setup.v2)
		return;
	ASK_FOR(GET(cgrp, bstat.cputime.sum_exec_runtime));
	ASK_FOR(GET(cgrp, bstat.cputime.utime));
}

static __always_inline void ask_for_group(__u64 address)
{
	struct task_group *group = AS(struct task_group, (void *)address);

	ASK_FOR(GET(group, shares));
	if (!HAS(struct task_group, cfs_bandwidth))
		return;
	ASK_FOR(GET(group, cfs_bandwidth.quota));
	ASK_FOR(GET(group, cfs_bandwidth.nr_periods));
	ASK_FOR(GET(group, cfs_bandwidth.throttled_time));
}

static __always_inline void ask_for_cpuacct(__u64 address)
{
	struct cpuacct *group = AS(struct cpuacct, (void *)address);

	ASK_FOR(GET(group, cpuusage));
}

static __always_inline void ask_for_counters(__u64 address)
{
	struct mem_cgroup *memory = AS(struct mem_cgroup, (void *)address);

	ASK_FOR(GET(memory, memory.usage.counter));
	ASK_FOR(GET(memory, memory.watermark));
	ASK_FOR(GET(memory, memory.max));
	ASK_FOR(AT(__u64, memory, OFFSET(struct mem_cgroup, memory_events)));
	if (setup.v2) {
		ASK_FOR(GET(memory, swap.usage.counter));
		ASK_FOR(GET(memory, swap.max));
		return;
	}
	ASK_FOR(GET(memory, memsw.usage.counter));
	ASK_FOR(GET(memory, memsw.max));
	if (HAS(struct mem_cgroup, kmem))
		ASK_FOR(GET(memory, kmem.usage.counter));
	if (HAS(struct mem_cgroup, soft_limit))
		ASK_FOR(GET(memory, soft_limit));
}

static __always_inline void ask_for_statistics(__u64 address)
{
	struct memcg_vmstats *stats = AS(struct memcg_vmstats, (void *)address);
	const __u64 states = OFFSET(struct memcg_vmstats, state);

#pragma unroll
	for (__u32 i = 0; i < 8; i++)
		if (i * LINE < bpf_core_field_size(stats->state))
			ASK_FOR(AT(__u64, stats, states + i * LINE));
	if (setup.pgfault < 0)
		return;
	ASK_FOR(AT(__u64, stats, OFFSET(struct memcg_vmstats, events) + 8 * setup.pgfault));
	if (!setup.v2 && HAS(struct memcg_vmstats, events_local))
		ASK_FOR(AT(__u64, stats,
			   OFFSET(struct memcg_vmstats, events_local) + 8 * setup.pgfault));
}

static __always_inline void ask_for_pids(struct walk_place *place)
{
	struct pids_cgroup *pids = AS(struct pids_cgroup, (void *)place->pids);

	ASK_FOR(GET(pids, counter.counter));
	ASK_FOR(GET(pids, limit.counter));
	if (!HAS(struct pids_cgroup___old, events_limit))
		ASK_FOR(AT(__u64, pids, OFFSET(struct pids_cgroup, events_local)));
}

static __always_inline void ask_for_threads(struct walk_place *place)
{
	ASK_FOR(AS(struct kernel_cpustat, (void *)place->link)->cpustat[0]);
	ASK_FOR(GET(AS(struct css_set, (void *)place->set), nr_tasks));
}

static __always_inline void ask_for_pressure(__u64 address)
{
	struct psi_group *psi = AS(struct psi_group, (void *)address);

	if (HAS(struct psi_group, enabled))
		ASK_FOR(GET(psi, enabled));
	ASK_FOR(AT(__u64, psi, OFFSET(struct psi_group, total)));
	ASK_FOR(AT(__u64, psi, OFFSET(struct psi_group, total) + LINE / 2));
}

#define ASK_FOR_VALUE(field) ASK_FOR(*(volatile __u64 *)&row->value[field])

/* One value of each line of it that this hierarchy fills. */
static __always_inline void ask_for_row(__u32 index)
{
	struct wire_walk_cgroup *row = bpf_map_lookup_elem(&walk_cgroups, &index);

	if (!row)
		return;
	ASK_FOR(*(volatile __u64 *)&row->serial);
	if (setup.controllers & WIRE_WALK_ON_CPU)
		ASK_FOR_VALUE(WIRE_WALK_CPU_SHARES);
	if (setup.controllers & WIRE_WALK_ON_MEMORY) {
		ASK_FOR_VALUE(WIRE_WALK_MEMORY_USAGE);
		ASK_FOR_VALUE(WIRE_WALK_EVENTS_OOM_KILL);
		ASK_FOR_VALUE(WIRE_WALK_FILE_MAPPED);
		ASK_FOR_VALUE(WIRE_WALK_PGFAULT);
	}
	if (setup.v2 || setup.controllers & WIRE_WALK_ON_PIDS)
		ASK_FOR_VALUE(WIRE_WALK_PIDS);
	if (setup.v2)
		ASK_FOR_VALUE(WIRE_WALK_PSI_CPU_FULL);
}

__noinline int ask_for(__u32 index)
{
	struct walk_place *place = bpf_map_lookup_elem(&walk_places, &index);

	if (!place || !place->cgrp)
		return 0;
	ask_for_cgroup(place->cgrp);
	if (setup.controllers & WIRE_WALK_ON_CPU)
		ask_for_group(place->cpu);
	if (setup.controllers & WIRE_WALK_ON_CPUACCT)
		ask_for_cpuacct(place->cpuacct);
	if (setup.controllers & WIRE_WALK_ON_MEMORY) {
		ask_for_counters(place->memory);
		ask_for_statistics(place->statistics);
	}
	if (setup.controllers & WIRE_WALK_ON_PIDS)
		ask_for_pids(place);
	if (is_wanted(BIT(WIRE_WALK_THREADS)))
		ask_for_threads(place);
	if (setup.v2 && setup.has_pressure && is_wanted(PRESSURES))
		ask_for_pressure(place->psi);
	ask_for_row(index);
	return 0;
}

/* Cgroups at once: each costs a wait of its own if asked for alone. */
#define WALK_AHEAD 4

static __always_inline void look_ahead(__u32 index)
{
	if (index % WALK_AHEAD)
		return;
	for (__u32 i = 1; i <= WALK_AHEAD; i++)
		ask_for(index + i);
}
