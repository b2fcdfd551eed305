/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Part of walk.bpf.h: the memory controller's counters, events and statistics. */

#define EVENT(id, field)                                                                           \
	do {                                                                                       \
		set(to, field,                                                                     \
		    AT(__u64, memory,                                                              \
		       OFFSET(struct mem_cgroup, memory_events) +                                  \
			       8 * bpf_core_enum_value(enum memcg_memory_event, id)));             \
	} while (0)

static __always_inline void fill_v2_counters(struct filling *to, struct mem_cgroup *memory)
{
	set(to, WIRE_WALK_MEMORY_HIGH, limit_of(GET(memory, memory.high)));
	set(to, WIRE_WALK_MEMORY_LOW, limit_of(GET(memory, memory.low)));
	if (state.has_swap) {
		set(to, WIRE_WALK_SWAP_USAGE, bytes_of(GET(memory, swap.usage.counter)));
		set(to, WIRE_WALK_SWAP_MAX, limit_of(GET(memory, swap.max)));
	}
	EVENT(MEMCG_LOW, WIRE_WALK_EVENTS_LOW);
	EVENT(MEMCG_HIGH, WIRE_WALK_EVENTS_HIGH);
	EVENT(MEMCG_MAX, WIRE_WALK_EVENTS_MAX);
	EVENT(MEMCG_OOM, WIRE_WALK_EVENTS_OOM);
	EVENT(MEMCG_OOM_KILL, WIRE_WALK_EVENTS_OOM_KILL);
}

static __always_inline void fill_v1_counters(struct filling *to, struct mem_cgroup *memory)
{
	set(to, WIRE_WALK_MEMORY_FAILCNT, GET(memory, memory.failcnt));
	if (HAS(struct mem_cgroup, soft_limit)) {
		set(to, WIRE_WALK_MEMORY_LOW, limit_of(GET(memory, soft_limit)));
	}
	if (HAS(struct mem_cgroup, kmem)) {
		set(to, WIRE_WALK_KERNEL_USAGE, bytes_of(GET(memory, kmem.usage.counter)));
	}
	if (state.has_swap) {
		set(to, WIRE_WALK_SWAP_USAGE, bytes_of(GET(memory, memsw.usage.counter)));
		set(to, WIRE_WALK_SWAP_MAX, limit_of(GET(memory, memsw.max)));
	}
	/* memory.oom_control: here of this cgroup alone. */
	EVENT(MEMCG_OOM_KILL, WIRE_WALK_EVENTS_OOM_KILL);
}

static __always_inline void sum_events(struct filling *to, void *events,
				       const volatile __s16 *index, enum wire_walk_field field)
{
	__u64 sum = 0;

	if (index[0] < 0)
		return;
#pragma unroll
	for (int i = 0; i < WIRE_WALK_RECLAIMERS; i++)
		if (index[i] >= 0)
			sum += AT(__u64, events, 8 * index[i]);
	set(to, field, sum);
}

#define FILL_EVENT(from, index, field)                                                             \
	do {                                                                                       \
		if ((index) >= 0)                                                                  \
			set(to, field, AT(__u64, from, 8 * (index)));                              \
	} while (0)

static __always_inline void fill_statistics(struct filling *to, void *states, void *events)
{
#pragma unroll
	for (int i = 0; i < WIRE_WALK_STATES; i++) {
		const enum wire_walk_field field = WIRE_WALK_ANON + i;
		__s64 value;

		if (setup.state[i] < 0)
			continue;
		value = AT(__s64, states, 8 * setup.state[i]);
		/* Not yet summed up, it may be below. */
		if (value < 0)
			value = 0;
		if (field != WIRE_WALK_REFAULT_ANON && field != WIRE_WALK_REFAULT_FILE)
			value = bytes_of(value);
		set(to, field, value);
	}
	if (setup.v2)
		FILL_EVENT(events, setup.pgfault, WIRE_WALK_PGFAULT);
	FILL_EVENT(events, setup.pgmajfault, WIRE_WALK_PGMAJFAULT);
	if (setup.reclaim_is_state)
		events = states;
	sum_events(to, events, setup.pgscan, WIRE_WALK_PGSCAN);
	sum_events(to, events, setup.pgsteal, WIRE_WALK_PGSTEAL);
}

/* v1, until 6.6: what a cgroup did itself is counted on each CPU, and summed up when asked. */
static __always_inline void fill_own_faults(struct filling *to, struct mem_cgroup *memory)
{
	__u64 counts, faults = 0, major_faults = 0;

	if (setup.pgfault < 0 || setup.pgmajfault < 0 || !setup.cpus)
		return;
	if (HAS(struct mem_cgroup___old, vmstats_local))
		counts = NUMBER(memory, OFFSET(struct mem_cgroup___old, vmstats_local));
	else
		counts = NUMBER(memory, OFFSET(struct mem_cgroup, vmstats_percpu));
	counts += OFFSET(struct memcg_vmstats_percpu, events);
	for (__u32 cpu = 0; cpu < setup.cpus && cpu < WIRE_WALK_CPUS; cpu++) {
		const __u64 on_cpu = counts + setup.per_cpu_offset[cpu];

		faults += NUMBER(on_cpu, 8 * setup.pgfault);
		major_faults += NUMBER(on_cpu, 8 * setup.pgmajfault);
	}
	set(to, WIRE_WALK_OWN_PGFAULT, faults);
	set(to, WIRE_WALK_OWN_PGMAJFAULT, major_faults);
}

static __always_inline void *vmstats_of(struct mem_cgroup *memory)
{
	if (HAS(struct mem_cgroup___embedded, vmstats))
		return (void *)memory + OFFSET(struct mem_cgroup___embedded, vmstats);
	return GET(memory, vmstats);
}

/* NULL: there are none. */
static __always_inline void *vmevents_of(struct mem_cgroup *memory)
{
	void *stats;

	if (HAS(struct mem_cgroup___old, vmstats))
		return (void *)memory + OFFSET(struct mem_cgroup___old, vmevents);
	stats = vmstats_of(memory);
	return stats ? stats + OFFSET(struct memcg_vmstats, events) : 0;
}

static __always_inline void fill_vmstats(struct filling *to, struct mem_cgroup *memory)
{
	void *stats;

	if (!setup.v2 && !HAS(struct memcg_vmstats, events_local))
		fill_own_faults(to, memory);
	if (HAS(struct mem_cgroup___old, vmstats)) {
		fill_statistics(to, (void *)memory + OFFSET(struct mem_cgroup___old, vmstats),
				vmevents_of(memory));
		return;
	}
	stats = vmstats_of(memory);
	if (!stats)
		return;
	fill_statistics(to, stats + OFFSET(struct memcg_vmstats, state),
			stats + OFFSET(struct memcg_vmstats, events));
	if (!setup.v2 && HAS(struct memcg_vmstats, events_local)) {
		void *own = stats + OFFSET(struct memcg_vmstats, events_local);

		FILL_EVENT(own, setup.pgfault, WIRE_WALK_OWN_PGFAULT);
		FILL_EVENT(own, setup.pgmajfault, WIRE_WALK_OWN_PGMAJFAULT);
	}
}

static __always_inline struct mem_cgroup *memory_of(const struct place *at)
{
	struct cgroup_subsys_state *css;

	if (!(setup.controllers & WIRE_WALK_ON_MEMORY))
		return 0;
	css = CSS(at, memory_cgrp_id);
	return css ? AS(struct mem_cgroup, css) : 0;
}

/* v1 has no controller beside it that would tell of use. */
static __always_inline __u64 pgfaults_of(struct mem_cgroup *memory)
{
	void *events = setup.v2 || setup.pgfault < 0 ? 0 : vmevents_of(memory);

	return events ? AT(__u64, events, 8 * setup.pgfault) : 0;
}

/* Nothing is charged to the root: its file adds up other figures. Usage is charged in batches, and
 * may stand still where much goes on. */
static __always_inline void watch_memory(struct filling *to, const struct place *at, bool is_root)
{
	struct mem_cgroup *memory = memory_of(at);
	void *events;

	if (!memory)
		return;
	if (!is_root)
		set(to, WIRE_WALK_MEMORY_USAGE, bytes_of(GET(memory, memory.usage.counter)));
	events = setup.v2 ? 0 : vmevents_of(memory);
	if (events)
		FILL_EVENT(events, setup.pgfault, WIRE_WALK_PGFAULT);
}

static __always_inline void fill_memory(struct filling *to, const struct place *at, bool is_root)
{
	struct mem_cgroup *memory = memory_of(at);

	if (!memory)
		return;
	fill_vmstats(to, memory);
	if (is_root)
		return;
	set(to, WIRE_WALK_MEMORY_PEAK, bytes_of(GET(memory, memory.watermark)));
	set(to, WIRE_WALK_MEMORY_MAX, limit_of(GET(memory, memory.max)));
	if (setup.v2)
		fill_v2_counters(to, memory);
	else
		fill_v1_counters(to, memory);
}
