/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Part of walk.bpf.h: CPU time, and how the cpu controller shared it out. */

static __always_inline void fill_v2_times(struct filling *to, struct cgroup *cgrp)
{
	set(to, WIRE_WALK_CPU_USAGE, GET(cgrp, bstat.cputime.sum_exec_runtime));
	set(to, WIRE_WALK_CPU_USER, GET(cgrp, bstat.cputime.utime));
	set(to, WIRE_WALK_CPU_SYSTEM, GET(cgrp, bstat.cputime.stime));
}

/* What is at an address of one CPU's own memory: either that very place or a copy. */
#ifdef WALK_PLAIN_LOADS
#define ON_CPU(copy, size, address) ((void)(copy), AS(struct kernel_cpustat, (void *)(address)))
#else
#define ON_CPU(copy, size, address)                                                                \
	({                                                                                         \
		bpf_probe_read_kernel(&(copy), size, (void *)(address));                           \
		&(copy);                                                                           \
	})
#endif
#define TIME(index) times->cpustat[bpf_core_enum_value(enum cpu_usage_stat, index) & 7]

/* v1 counts on each CPU, and sums up when asked. */
static __always_inline void fill_v1_times(struct filling *to, struct cgroup_subsys_state *css)
{
	const bool is_split = bpf_core_type_exists(struct cpuacct_usage);
	__u64 usage_at = COPY(__u64, css, bpf_core_field_offset(struct cpuacct, cpuusage));
	__u64 times_at = COPY(__u64, css, bpf_core_field_offset(struct cpuacct, cpustat));
	__u64 usage = 0, user = 0, system = 0;

	for (__u32 cpu = 0; cpu < setup.cpus && cpu < WIRE_WALK_CPUS; cpu++) {
		const __u64 offset = setup.per_cpu_offset[cpu];
		struct kernel_cpustat copy = {};
		struct kernel_cpustat *times;

		times = ON_CPU(copy, is_split ? 16 : 8, usage_at + offset);
		usage += times->cpustat[0];
		if (is_split)
			usage += times->cpustat[1];
		times = ON_CPU(copy, 8 * sizeof(__u64), times_at + offset);
		user += TIME(CPUTIME_USER) + TIME(CPUTIME_NICE);
		system += TIME(CPUTIME_SYSTEM) + TIME(CPUTIME_IRQ) + TIME(CPUTIME_SOFTIRQ);
	}
	set(to, WIRE_WALK_CPU_USAGE, usage);
	set(to, WIRE_WALK_CPU_USER, user);
	set(to, WIRE_WALK_CPU_SYSTEM, system);
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

static __always_inline void fill_cpu(struct filling *to, struct cgroup *cgrp)
{
	struct cgroup_subsys_state *css;

	if (setup.v2) {
		fill_v2_times(to, cgrp);
	} else if (setup.controllers & WIRE_WALK_ON_CPUACCT && setup.cpus) {
		css = CSS(cgrp, cpuacct_cgrp_id);
		if (css)
			fill_v1_times(to, css);
	}
	if (!(setup.controllers & WIRE_WALK_ON_CPU))
		return;
	css = CSS(cgrp, cpu_cgrp_id);
	if (css) {
		struct task_group *group = AS(struct task_group, css);

		set(to, WIRE_WALK_CPU_SHARES, GET(group, shares) >> SHARES_SHIFT);
		fill_bandwidth(to, group);
	}
}
