/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Part of walk.bpf.h: CPU time, and how the cpu controller shared it out. */

static __always_inline void fill_v2_times(struct filling *to, struct cgroup *cgrp)
{
	set(to, WIRE_WALK_CPU_USER, GET(cgrp, bstat.cputime.utime));
	set(to, WIRE_WALK_CPU_SYSTEM, GET(cgrp, bstat.cputime.stime));
}

/* The first u64s at an address of one CPU's own memory: either that very place or a copy. */
#define ON_CPU_MOST 8
#ifdef WALK_PLAIN_LOADS
#define ON_CPU(copy, count, address) ((void)(copy), NUMBERS(address))
#else
#define ON_CPU(copy, count, address)                                                               \
	({                                                                                         \
		bpf_probe_read_kernel(copy, (count) * sizeof(__u64), (void *)(address));           \
		copy;                                                                              \
	})
#endif
#define TIME(index) times[bpf_core_enum_value(enum cpu_usage_stat, index) & (ON_CPU_MOST - 1)]

static __always_inline __u64 v1_usage_at(struct cgroup_subsys_state *css)
{
	return NUMBER(css, bpf_core_field_offset(struct cpuacct, cpuusage));
}

/* v1 counts on each CPU, and sums up when asked. */
static __always_inline __u64 v1_usage(__u64 usage_at)
{
	const bool is_split = bpf_core_type_exists(struct cpuacct_usage);
	__u64 usage = 0;

	for (__u32 cpu = 0; cpu < setup.cpus && cpu < WIRE_WALK_CPUS; cpu++) {
		__u64 copy[2] = {};
		const __u64 *times =
			ON_CPU(copy, is_split ? 2 : 1, usage_at + setup.per_cpu_offset[cpu]);

		usage += times[0];
		if (is_split)
			usage += times[1];
	}
	return usage;
}

static __always_inline void fill_v1_times(struct filling *to, struct cgroup_subsys_state *css)
{
	const __u64 times_at = NUMBER(css, bpf_core_field_offset(struct cpuacct, cpustat)) +
			       OFFSET(struct kernel_cpustat, cpustat);
	__u64 user = 0, system = 0;

	for (__u32 cpu = 0; cpu < setup.cpus && cpu < WIRE_WALK_CPUS; cpu++) {
		__u64 copy[ON_CPU_MOST] = {};
		const __u64 *times =
			ON_CPU(copy, ON_CPU_MOST, times_at + setup.per_cpu_offset[cpu]);

		user += TIME(CPUTIME_USER) + TIME(CPUTIME_NICE);
		system += TIME(CPUTIME_SYSTEM) + TIME(CPUTIME_IRQ) + TIME(CPUTIME_SOFTIRQ);
	}
	set(to, WIRE_WALK_CPU_USER, user);
	set(to, WIRE_WALK_CPU_SYSTEM, system);
}

static __always_inline struct cgroup_subsys_state *cpuacct_of(const struct place *at)
{
	if (setup.v2 || !(setup.controllers & WIRE_WALK_ON_CPUACCT) || !setup.cpus)
		return 0;
	return CSS(at, cpuacct_cgrp_id);
}

static __always_inline __u64 cpu_usage_of(const struct place *at)
{
	struct cgroup_subsys_state *css;

	if (setup.v2) {
		struct cgroup *cgrp = at->cgrp;

		return GET(cgrp, bstat.cputime.sum_exec_runtime);
	}
	css = cpuacct_of(at);
	return css ? v1_usage(v1_usage_at(css)) : 0;
}

static __always_inline struct task_group *group_of(const struct place *at)
{
	struct cgroup_subsys_state *css;

	if (!(setup.controllers & WIRE_WALK_ON_CPU))
		return 0;
	css = CSS(at, cpu_cgrp_id);
	return css ? AS(struct task_group, css) : 0;
}

/* Where CPU usage is in another hierarchy, periods of a quota tell that it is used. NULL: it is
 * here. */
static __always_inline struct task_group *group_alone(const struct place *at)
{
	const bool is_alone = !setup.v2 && !(setup.controllers & WIRE_WALK_ON_CPUACCT);

	return is_alone && HAS(struct task_group, cfs_bandwidth) ? group_of(at) : 0;
}

static __always_inline void watch_cpu(struct filling *to, const struct place *at)
{
	struct task_group *group = group_alone(at);

	if (setup.v2 || cpuacct_of(at))
		set(to, WIRE_WALK_CPU_USAGE, cpu_usage_of(at));
	if (group)
		set(to, WIRE_WALK_CPU_PERIODS, GET(group, cfs_bandwidth.nr_periods));
}

static __always_inline void fill_bandwidth(struct filling *to, struct task_group *group)
{
	if (!HAS(struct task_group, cfs_bandwidth))
		return;
	/* RUNTIME_INF is WIRE_WALK_NO_LIMIT. */
	set(to, WIRE_WALK_CPU_QUOTA, GET(group, cfs_bandwidth.quota));
	set(to, WIRE_WALK_CPU_PERIOD, GET(group, cfs_bandwidth.period));
	set(to, WIRE_WALK_CPU_PERIODS, GET(group, cfs_bandwidth.nr_periods));
	set(to, WIRE_WALK_CPU_THROTTLED_PERIODS, GET(group, cfs_bandwidth.nr_throttled));
	set(to, WIRE_WALK_CPU_THROTTLED, GET(group, cfs_bandwidth.throttled_time));
	if (!HAS(struct cfs_bandwidth, burst_time))
		return;
	set(to, WIRE_WALK_CPU_BURST_PERIODS, GET(group, cfs_bandwidth.nr_burst));
	set(to, WIRE_WALK_CPU_BURST, GET(group, cfs_bandwidth.burst_time));
}

/* 64-bit kernels keep more of a share than they show. */
#define SHARES_SHIFT 10

static __always_inline void fill_cpu(struct filling *to, const struct place *at)
{
	struct cgroup_subsys_state *css;
	struct task_group *group;

	if (setup.v2)
		fill_v2_times(to, at->cgrp);
	css = cpuacct_of(at);
	if (css)
		fill_v1_times(to, css);
	group = group_of(at);
	if (group) {
		set(to, WIRE_WALK_CPU_SHARES, GET(group, shares) >> SHARES_SHIFT);
		fill_bandwidth(to, group);
	}
}
