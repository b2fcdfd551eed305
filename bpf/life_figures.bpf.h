/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Part of life.bpf.c: the final figures of a cgroup, as it is removed. The kernel has taken nothing
 * of it apart yet, and all of its processes have ended. */

static __always_inline void put(__u32 field, __u64 value)
{
	event.value[field] = value;
	event.present |= 1ULL << field;
}

/* Over all CPUs, of a u64 at an address of the kernel's per-CPU kind. */
static __always_inline __u64 sum_cpus(__u64 address)
{
	__u64 sum = 0;

	for (__u32 cpu = 0; cpu < MAX_CPUS; cpu++) {
		if (cpu >= life_cpus)
			break;
		sum += at((const void *)address, life_percpu_offset[cpu]);
	}
	return sum;
}

/* v2: what each CPU counted of its own processes is exact at any time. What its children used is
 * added to bstat only when somebody looks, so it was noted when they were removed; of a cgroup that
 * is older than these programs all is told that the kernel has added up. */
#define TASK_CPU(structure, per_cpu)                                                               \
	do {                                                                                       \
		now[0] = sum_cpus(per_cpu + bpf_core_field_offset(                                 \
						    structure, bstat.cputime.sum_exec_runtime));   \
		now[1] =                                                                           \
			sum_cpus(per_cpu + bpf_core_field_offset(structure, bstat.cputime.utime)); \
		now[2] =                                                                           \
			sum_cpus(per_cpu + bpf_core_field_offset(structure, bstat.cputime.stime)); \
		seen[0] = sum_cpus(                                                                \
			per_cpu +                                                                  \
			bpf_core_field_offset(structure, last_bstat.cputime.sum_exec_runtime));    \
		seen[1] = sum_cpus(per_cpu +                                                       \
				   bpf_core_field_offset(structure, last_bstat.cputime.utime));    \
		seen[2] = sum_cpus(per_cpu +                                                       \
				   bpf_core_field_offset(structure, last_bstat.cputime.stime));    \
	} while (0)

static __always_inline void put_task_cpu(struct cgroup *cgroup, const struct wire_life_noted *noted,
					 struct wire_life_noted *parent, bool old)
{
	__u64 now[3] = {}, seen[3] = {}, total[3];

	if (!life_cpus)
		return;
	if (old) {
		const __u64 per_cpu = at(cgroup, OFFSET_OF(struct cgroup___rstat, rstat_cpu));

		TASK_CPU(struct cgroup_rstat_cpu, per_cpu);
	} else {
		const __u64 per_cpu = at(cgroup, OFFSET_OF(struct cgroup, rstat_base_cpu));

		TASK_CPU(struct cgroup_rstat_base_cpu, per_cpu);
	}
	total[0] = cgroup->bstat.cputime.sum_exec_runtime + now[0] - seen[0];
	total[1] = cgroup->bstat.cputime.utime + now[1] - seen[1];
	total[2] = cgroup->bstat.cputime.stime + now[2] - seen[2];
#pragma unroll
	for (__u32 i = 0; i < 3; i++) {
		const __u64 children = noted ? noted->children_ns[i] : 0;

		if (now[i] + children > total[i])
			total[i] = now[i] + children;
		if (parent)
			parent->children_ns[i] += total[i];
		put(WIRE_LIFE_CPU_USAGE + i, total[i]);
	}
}

/* v1: every CPU counts for the cgroup and all above it. */
static __always_inline void put_cpuacct(struct cgroup *cgroup)
{
	__u64 css, usage, stat;

	if (!HAS_SUBSYS(cpuacct_cgrp_id) || !life_cpus)
		return;
	css = SUBSYS_OF(struct cgroup, cgroup, cpuacct_cgrp_id);
	if (!css)
		return;
	usage = at((void *)css, OFFSET_OF(struct cpuacct, cpuusage));
	if (life_cpuacct_is_split)
		put(WIRE_LIFE_CPU_USAGE, sum_cpus(usage) + sum_cpus(usage + 8));
	else
		put(WIRE_LIFE_CPU_USAGE, sum_cpus(usage));
	stat = at((void *)css, OFFSET_OF(struct cpuacct, cpustat));
#define CPUTIME(name) sum_cpus(stat + 8 * bpf_core_enum_value(enum cpu_usage_stat, name))
	put(WIRE_LIFE_CPU_USER, CPUTIME(CPUTIME_USER) + CPUTIME(CPUTIME_NICE));
	put(WIRE_LIFE_CPU_SYSTEM,
	    CPUTIME(CPUTIME_SYSTEM) + CPUTIME(CPUTIME_SOFTIRQ) + CPUTIME(CPUTIME_IRQ));
}

static __always_inline void put_bandwidth(struct cgroup *cgroup)
{
	struct task_group *group = NULL;

	if (HAS_SUBSYS(cpu_cgrp_id) && bpf_core_field_exists(group->cfs_bandwidth))
		group = (void *)SUBSYS_OF(struct cgroup, cgroup, cpu_cgrp_id);
	if (!group || BPF_CORE_READ(group, cfs_bandwidth.quota) == ~0ULL)
		return;
	put(WIRE_LIFE_CPU_PERIODS, BPF_CORE_READ(group, cfs_bandwidth.nr_periods));
	put(WIRE_LIFE_CPU_THROTTLED_PERIODS, BPF_CORE_READ(group, cfs_bandwidth.nr_throttled));
	put(WIRE_LIFE_CPU_THROTTLED, BPF_CORE_READ(group, cfs_bandwidth.throttled_time));
}

static __always_inline void put_memory(struct cgroup *cgroup, bool v2)
{
	struct mem_cgroup *memory = NULL;
	__u64 events;

	if (HAS_SUBSYS(memory_cgrp_id))
		memory = (void *)SUBSYS_OF(struct cgroup, cgroup, memory_cgrp_id);
	if (!memory)
		return;
	put(WIRE_LIFE_MEMORY_PEAK, BPF_CORE_READ(memory, memory.watermark) * life_page_bytes);
	events = OFFSET_OF(struct mem_cgroup, memory_events);
#define EVENTS(name) at(memory, events + 8 * bpf_core_enum_value(enum memcg_memory_event, name))
	put(WIRE_LIFE_EVENTS_OOM_KILL, EVENTS(MEMCG_OOM_KILL));
	if (v2) {
		put(WIRE_LIFE_EVENTS_HIGH, EVENTS(MEMCG_HIGH));
		put(WIRE_LIFE_EVENTS_MAX, EVENTS(MEMCG_MAX));
	} else {
		put(WIRE_LIFE_MEMORY_FAILCNT, BPF_CORE_READ(memory, memory.failcnt));
	}
}

static __always_inline void put_processes(__u64 id)
{
	const struct wire_life_processes *counted = bpf_map_lookup_elem(&life_processes, &id);

	if (!counted)
		return;
	if (counted->whole) {
		put(WIRE_LIFE_EXECS, counted->execs);
		put(WIRE_LIFE_EXITS, counted->exits);
	}
	bpf_map_delete_elem(&life_processes, &id);
}

static __always_inline void put_figures(struct cgroup *cgroup, __u32 hierarchy, bool old)
{
	struct wire_life_directory key = {.id = event.head.id, .hierarchy = hierarchy};
	struct wire_life_directory above = {.id = event.head.parent, .hierarchy = hierarchy};
	struct wire_life_noted *noted = bpf_map_lookup_elem(&life_directories, &key);

	event.made_ns = noted ? noted->made_ns : 0;
	if (hierarchy == 0)
		put_task_cpu(cgroup, noted, bpf_map_lookup_elem(&life_directories, &above), old);
	else
		put_cpuacct(cgroup);
	put_bandwidth(cgroup);
	put_memory(cgroup, hierarchy == 0);
	if (hierarchy == life_counted)
		put_processes(event.head.id);
	bpf_map_delete_elem(&life_directories, &key);
}
