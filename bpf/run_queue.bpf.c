// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* How long tasks waited for a CPU, per cgroup, summed up when they get it. The kernel itself notes
 * when a task was queued, so that no wakeup need be seen. A wait that a move to another CPU cuts in
 * two is two waits.
 * Hot path: four loads and two comparisons, unless the wait was as long as the threshold. All of it
 * is memory that the scheduler has just used itself. */
#include "ancestors.bpf.h"
#include "latency.bpf.h"

#include "hostmeter/wire/code_constant.h"
#include "hostmeter/wire/run_queue.h"

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1); /* the loader sets it: slots * cpus */
	__type(key, __u32);
	__type(value, struct wire_run_queue);
} run_queue_rows SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1); /* likewise: slots / WIRE_RUN_QUEUE_MARKS */
	__type(key, __u32);
	__type(value, struct wire_run_queue_marks);
} run_queue_grown SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024); /* likewise: slots */
	__type(key, __u64);
	__type(value, struct wire_ancestors);
} run_queue_ancestors SEC(".maps");

/* Set before it is loaded. */
const volatile __u32 slots = 1;
const volatile __u32 cpus = 1;
const volatile bool by_pids = false; /* whose css a task is known by: of pids, not cpu */

__u64 run_queue_overwritten; /* waits in rows of removed cgroups that were needed for others */

static __always_inline struct cgroup_subsys_state *css_of(struct task_struct *task)
{
	if (by_pids)
		return task->cgroups
			->subsys[bpf_core_enum_value(enum cgroup_subsys_id, pids_cgrp_id)];
	return task->cgroups->subsys[bpf_core_enum_value(enum cgroup_subsys_id, cpu_cgrp_id)];
}

static __always_inline struct wire_run_queue *row_at(__u32 slot, __u32 cpu)
{
	const __u32 index = slot * cpus + cpu;

	return bpf_map_lookup_elem(&run_queue_rows, &index);
}

/* What is written before is seen before what is written after, by whoever reads in this order. x86
 * keeps stores in order by itself. Elsewhere it takes an exchange, which orders all (LKMM: a
 * read-modify-write that returns a value is a full barrier; arm64's JIT makes it swpal, or
 * ldxr/stlxr/dmb ish). Programs have it since 5.12: older kernels refuse this one. */
static __always_inline void set_owner(struct wire_run_queue *row, __u64 cgroup_id)
{
#ifdef __TARGET_ARCH_x86
	barrier();
	*(volatile __u64 *)&row->cgroup_id = cgroup_id;
	barrier();
#else
	__sync_lock_test_and_set(&row->cgroup_id, cgroup_id);
#endif
}

/* The row is another cgroup's now. What the one before had waited since it was last read is lost
 * to its parents: only its own figures were needed any more. */
static __always_inline void take_over(struct wire_run_queue *row, struct cgroup_subsys_state *css,
				      __u64 cgroup_id)
{
	__u32 waits = 0;

	if (row->cgroup_id) {
#pragma unroll
		for (int i = 0; i < WIRE_LATENCY_BUCKETS; i++)
			waits += row->waits.count[i];
		WIRE_ATOMIC_ADD(&run_queue_overwritten, waits);
	}
	set_owner(row, 0); /* a reader that comes amid this sees that it is nobody's */
	__builtin_memset(&row->waits, 0, sizeof(row->waits));
	set_owner(row, cgroup_id);
	note_ancestors(&run_queue_ancestors, cgroup_id, css);
}

/* After a row of the slot has grown. User space that takes the mark off just then may read the row
 * before it sees the growth: it reads it in the next tick once more. */
static __always_inline void mark_grown(__u32 slot)
{
	const __u32 index = slot / WIRE_RUN_QUEUE_MARKS;
	struct wire_run_queue_marks *marks = bpf_map_lookup_elem(&run_queue_grown, &index);
	volatile __u8 *mark;

	if (!marks)
		return;
	mark = &marks->grown[slot % WIRE_RUN_QUEUE_MARKS];
	barrier();
	if (!*mark)
		*mark = 1;
}

/* Apart from the way that nearly every switch takes, which then needs neither stack nor registers
 * of its own. */
static __noinline int count(struct task_struct *next, __s64 ns)
{
	const __u32 cpu = bpf_get_smp_processor_id();
	struct cgroup_subsys_state *css = css_of(next);
	struct wire_run_queue *row;
	__u32 slot = css->id;
	__u64 cgroup_id;

	if (cpu >= cpus)
		return 0;
	if (slot >= slots)
		slot = 0;
	row = row_at(slot, cpu);
	if (!row)
		return 0;
	cgroup_id = css->cgroup->kn->id;
	if (slot && row->cgroup_id != cgroup_id)
		take_over(row, css, cgroup_id);
	/* The run queue is locked and interrupts are off: nobody else writes here. */
	row->waits.sum_ns += ns;
	row->waits.count[bucket_of(ns)]++;
	mark_grown(slot);
	return 0;
}

SEC("tp_btf/sched_switch")
int BPF_PROG(switched, bool preempt, struct task_struct *prev, struct task_struct *next)
{
	const __u64 queued = next->sched_info.last_queued;
	__s64 ns;

	if (!queued) /* the idle task */
		return 0;
	/* The very clock that last_queued was read from. */
	ns = prev->se.cfs_rq->rq->clock - queued;
	/* Shorter waits are not seen; 0: all are. */
	if (ns < (__s64)WIRE_CODE_CONSTANT(WIRE_WAIT_THRESHOLD_NS))
		return 0;
	return count(next, ns);
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
