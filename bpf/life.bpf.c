// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Tells of cgroups made and removed, with the final figures of the latter, and of OOM kills; counts
 * what processes of each cgroup start and end. mkdir and rmdir of cgroups hold cgroup_mutex: the
 * programs on them never run at the same time. */
#include "kernel.bpf.h"

#include "hostmeter/wire/life.h"

#define MAX_HIERARCHIES 8
#define MAX_CPUS 1024
#define MAX_LEVELS 32

/* Of an enum without a name, in this order since 4.5; the kinds before are file and anonymous. */
#define MM_SWAPENTS 2
#define MM_SHMEMPAGES 3

#define SIGKILL 9
/* Between a signal and what the kernel says of it: more, and the number is another process's. */
#define KILL_LASTS_NS 10000000000ULL

/* Set by the loader. */
const volatile __u32 life_hierarchies[MAX_HIERARCHIES];
const volatile __u32 life_hierarchy_count;
const volatile __u32 life_counted; /* the hierarchy in which processes and cgroups are counted */
const volatile bool life_counts_in_v1; /* it is cpuacct's, not the v2 tree */
const volatile __u32 life_page_bytes = 4096;
const volatile __u64 life_ration_ns = 1;    /* between two events of one ration, in the long run */
const volatile __u64 life_ration_burst = 1; /* how far ahead of that it may be, in ns */
const volatile bool life_cpuacct_is_split;  /* until 5.17: struct cpuacct_usage, dd02d4234c9a */
const volatile bool life_rss_is_plain;	    /* until 6.2: struct mm_rss_stat, f1a7941243c1 */
/* Of each possible CPU; none: figures kept for each CPU are not told. */
const volatile __u32 life_cpus;
const volatile __u64 life_percpu_offset[MAX_CPUS];

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 1 << 20); /* likewise */
} life_events SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16384);
	__type(key, struct wire_life_directory);
	__type(value, struct wire_life_noted);
} life_directories SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16384);
	__type(key, __u64);
	__type(value, struct wire_life_processes);
} life_processes SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 4096);
	__type(key, struct wire_life_ration);
	__type(value, __u64); /* the moment at which it has had no more than its due */
} life_rations SEC(".maps");

/* Kernels that tell of an OOM kill by a thread's number alone send it a signal just before. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1024);
	__type(key, __u32);
	__type(value, struct wire_life_oom_kill);
} life_signalled SEC(".maps");

__u64 life_seen[WIRE_LIFE_KINDS];    /* in the counted hierarchy, told or not */
__u64 life_no_room[WIRE_LIFE_KINDS]; /* not told: the ring was full */
__u64 life_rationed[WIRE_LIFE_KINDS];
__u64 life_directories_full, life_processes_full;
__u64 life_process_events;

static struct wire_life_removed event; /* too large for the stack; under cgroup_mutex */

/* One u64 or pointer at an address, as a plain number. */
static __always_inline __u64 at(const void *base, __u64 offset)
{
	__u64 value = 0;

	bpf_probe_read_kernel(&value, sizeof(value), (const void *)((__u64)base + offset));
	return value;
}

/* The empty asm keeps clang from folding the offset into a load of a type that it does not have. */
#define OFFSET_OF(structure, field)                                                                \
	({                                                                                         \
		__u64 __offset = bpf_core_field_offset(structure, field);                          \
		asm volatile("" : "+r"(__offset));                                                 \
		__offset;                                                                          \
	})

#define HAS_SUBSYS(name) bpf_core_enum_value_exists(enum cgroup_subsys_id, name)
#define SUBSYS_OF(structure, pointer, name)                                                        \
	at(pointer,                                                                                \
	   OFFSET_OF(structure, subsys) + 8 * bpf_core_enum_value(enum cgroup_subsys_id, name))

/* Token bucket: an event may come as long as the bucket's clock is not too far ahead. */
static __always_inline bool may_tell(__u32 kind, __u32 hierarchy, __u64 id, __u64 now)
{
	const struct wire_life_ration key = {.id = id, .hierarchy = hierarchy, .kind = kind};
	__u64 *spent = bpf_map_lookup_elem(&life_rations, &key);
	__u64 clock = spent && *spent > now ? *spent : now;

	if (clock - now > life_ration_burst) {
		WIRE_ATOMIC_ADD(&life_rationed[kind], 1);
		return false;
	}
	clock += life_ration_ns;
	if (spent)
		*spent = clock;
	else
		bpf_map_update_elem(&life_rations, &key, &clock, BPF_ANY);
	return true;
}

static __always_inline void tell(__u32 kind, void *told, __u64 size)
{
	if (bpf_ringbuf_output(&life_events, told, size, BPF_RB_NO_WAKEUP))
		WIRE_ATOMIC_ADD(&life_no_room[kind], 1);
}

/* ~0: a hierarchy without figures of ours. */
static __always_inline __u32 hierarchy_of(struct cgroup *cgroup)
{
	const __u32 hierarchy = cgroup->root->hierarchy_id;

	for (__u32 i = 0; i < MAX_HIERARCHIES; i++)
		if (i < life_hierarchy_count && life_hierarchies[i] == hierarchy)
			return hierarchy;
	return ~0U;
}

static __always_inline void fill_head(struct wire_life_head *head, __u32 kind, __u32 hierarchy,
				      struct cgroup *cgroup)
{
	struct cgroup_subsys_state *parent = cgroup->self.parent;

	head->kind = kind;
	head->hierarchy = hierarchy;
	head->id = cgroup->kn->id;
	head->parent = parent ? parent->cgroup->kn->id : 0;
	head->at_ns = bpf_ktime_get_ns();
}

SEC("tp_btf/cgroup_mkdir")
int BPF_PROG(made, struct cgroup *cgroup)
{
	const __u32 hierarchy = hierarchy_of(cgroup);
	struct wire_life_directory key = {.hierarchy = hierarchy};
	struct wire_life_noted noted = {};
	struct wire_life_head head;

	if (hierarchy == ~0U)
		return 0;
	fill_head(&head, WIRE_LIFE_MADE, hierarchy, cgroup);
	if (hierarchy == life_counted) {
		const struct wire_life_processes none = {.whole = 1};

		WIRE_ATOMIC_ADD(&life_seen[WIRE_LIFE_MADE], 1);
		if (bpf_map_update_elem(&life_processes, &head.id, &none, BPF_ANY))
			WIRE_ATOMIC_ADD(&life_processes_full, 1);
	}
	key.id = head.id;
	noted.made_ns = head.at_ns;
	if (bpf_map_update_elem(&life_directories, &key, &noted, BPF_ANY))
		WIRE_ATOMIC_ADD(&life_directories_full, 1);
	if (may_tell(WIRE_LIFE_MADE, hierarchy, head.parent, head.at_ns))
		tell(WIRE_LIFE_MADE, &head, sizeof(head));
	return 0;
}

#include "life_figures.bpf.h"

static __always_inline int tell_removed(unsigned long long *ctx, struct cgroup *cgroup, bool old)
{
	const __u32 hierarchy = hierarchy_of(cgroup);
	const char *path = NULL;
	long length;

	if (hierarchy == ~0U)
		return 0;
	if (hierarchy == life_counted)
		WIRE_ATOMIC_ADD(&life_seen[WIRE_LIFE_REMOVED], 1);
	event.present = 0;
	fill_head(&event.head, WIRE_LIFE_REMOVED, hierarchy, cgroup);
	put_figures(cgroup, hierarchy, old);
	if (!may_tell(WIRE_LIFE_REMOVED, hierarchy, event.head.parent, event.head.at_ns))
		return 0;
	/* The second argument. Before 5.18 the verifier lets nobody load a char
	 * pointer from the context. */
	bpf_probe_read_kernel(&path, sizeof(path), &ctx[1]);
	length = bpf_probe_read_kernel_str(event.path, WIRE_LIFE_PATH, path);
	if (length <= 0 || length > WIRE_LIFE_PATH)
		return 0;
	tell(WIRE_LIFE_REMOVED, &event, WIRE_LIFE_REMOVED_HEAD + length);
	return 0;
}

SEC("tp_btf/cgroup_rmdir")
int BPF_PROG(removed, struct cgroup *cgroup)
{
	return tell_removed(ctx, cgroup, false);
}

/* Until 6.16 what each CPU counts is in another struct. The loader takes one of the
 * two: a type that is not in the kernel may be named by no program that is loaded, or libbpf looks
 * for it in every module, which takes more rights. */
SEC("tp_btf/cgroup_rmdir")
int BPF_PROG(removed_old, struct cgroup *cgroup)
{
	return tell_removed(ctx, cgroup, true);
}

/* To the cgroup of a process and to all above it. */
static __always_inline void count_process(struct task_struct *task, bool ended)
{
	struct cgroup_subsys_state *css;

	WIRE_ATOMIC_ADD(&life_process_events, 1);
	if (life_counts_in_v1)
		css = (void *)SUBSYS_OF(struct css_set, task->cgroups, cpuacct_cgrp_id);
	else
		css = (void *)at(task->cgroups, OFFSET_OF(struct css_set, dfl_cgrp)) +
		      OFFSET_OF(struct cgroup, self);
	for (__u32 i = 0; i < MAX_LEVELS && css; i++) {
		/* Until nothing was lost, what has no row has done nothing. */
		const struct wire_life_processes none = {.whole = life_processes_full == 0};
		struct wire_life_processes *counted;
		__u64 id = BPF_CORE_READ(css, cgroup, kn, id);

		counted = bpf_map_lookup_elem(&life_processes, &id);
		if (!counted) {
			bpf_map_update_elem(&life_processes, &id, &none, BPF_NOEXIST);
			counted = bpf_map_lookup_elem(&life_processes, &id);
		}
		if (counted)
			WIRE_ATOMIC_ADD(ended ? &counted->exits : &counted->execs, 1);
		else
			WIRE_ATOMIC_ADD(&life_processes_full, 1);
		css = BPF_CORE_READ(css, parent);
	}
}

SEC("tp_btf/sched_process_exec")
int BPF_PROG(execed, struct task_struct *task)
{
	count_process(task, false);
	return 0;
}

SEC("tp_btf/sched_process_exit")
int BPF_PROG(exited, struct task_struct *task, bool group_dead)
{
	if (group_dead)
		count_process(task, true);
	return 0;
}

/* Before 6.16 it is not told whether this is the last thread. Each process has one
 * leader; one that dies because another thread executes something hands its role on. */
SEC("tp_btf/sched_process_exit")
int BPF_PROG(exited_old, struct task_struct *task)
{
	struct signal_struct *signal = task->signal;
	struct task_struct *heir = NULL;

	if (task->pid != task->tgid)
		return 0;
	if (bpf_core_field_exists(signal->group_exec_task)) /* since 5.17: 60700e38fb68 */
		heir = signal->group_exec_task;
	if (!heir || heir == task)
		count_process(task, true);
	return 0;
}

static __always_inline void put_victim_bytes(struct wire_life_oom_kill *kill,
					     struct task_struct *task)
{
	struct mm_struct *mm = BPF_CORE_READ(task, mm);
	__u64 base, step = sizeof(__u64);
	__s64 pages = 0;

	if (!mm)
		return;
	if (life_rss_is_plain) {
		base = OFFSET_OF(struct mm_struct___old, rss_stat.count);
	} else {
		base = OFFSET_OF(struct mm_struct, rss_stat) +
		       bpf_core_field_offset(struct percpu_counter, count);
		step = bpf_core_type_size(struct percpu_counter);
	}
#pragma unroll
	for (__u32 kind = 0; kind <= MM_SHMEMPAGES; kind++) {
		const __s64 some = at(mm, base + step * kind);

		if (kind != MM_SWAPENTS && some > 0)
			pages += some;
	}
	kill->bytes = pages * life_page_bytes;
	kill->has_bytes = 1;
}

static __always_inline void tell_kill(struct wire_life_oom_kill *kill)
{
	kill->head.kind = WIRE_LIFE_OOM_KILL;
	kill->head.at_ns = bpf_ktime_get_ns();
	WIRE_ATOMIC_ADD(&life_seen[WIRE_LIFE_OOM_KILL], 1);
	if (may_tell(WIRE_LIFE_OOM_KILL, kill->head.hierarchy, kill->head.id, kill->head.at_ns))
		tell(WIRE_LIFE_OOM_KILL, kill, sizeof(*kill));
}

static __always_inline void describe(struct wire_life_oom_kill *kill, struct task_struct *task)
{
	struct cgroup_subsys_state *css = NULL;

	kill->pid = task->tgid;
	if (HAS_SUBSYS(memory_cgrp_id))
		css = (void *)SUBSYS_OF(struct css_set, task->cgroups, memory_cgrp_id);
	bpf_probe_read_kernel_str(kill->comm, sizeof(kill->comm), task->comm);
	if (css) {
		kill->head.hierarchy = BPF_CORE_READ(css, cgroup, root, hierarchy_id);
		kill->head.id = BPF_CORE_READ(css, cgroup, kn, id);
	}
	put_victim_bytes(kill, task);
}

SEC("tp_btf/mark_victim")
int BPF_PROG(victim, struct task_struct *task)
{
	struct wire_life_oom_kill kill = {};

	describe(&kill, task);
	tell_kill(&kill);
	return 0;
}

SEC("tp_btf/signal_generate")
int BPF_PROG(signalled, int signal, void *info, struct task_struct *task)
{
	struct wire_life_oom_kill kill = {};
	const __u32 thread = task->pid;

	if (signal != SIGKILL)
		return 0;
	describe(&kill, task);
	kill.head.at_ns = bpf_ktime_get_ns();
	bpf_map_update_elem(&life_signalled, &thread, &kill, BPF_ANY);
	return 0;
}

/* Before 72ba14deb40a (6.9, and in maintained older ones) there is a number and no task. One that
 * was ending already gets no signal: of it no more is known. */
SEC("tp_btf/mark_victim")
int BPF_PROG(victim_old, int pid)
{
	struct wire_life_oom_kill kill = {.pid = pid};
	const __u32 thread = pid;
	const struct wire_life_oom_kill *signalled = bpf_map_lookup_elem(&life_signalled, &thread);

	if (signalled && bpf_ktime_get_ns() - signalled->head.at_ns < KILL_LASTS_NS)
		kill = *signalled;
	tell_kill(&kill);
	bpf_map_delete_elem(&life_signalled, &thread);
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
