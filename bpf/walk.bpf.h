/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What every walk program does at a cgroup: a row for it, with all that this kernel's structs say.
 * A program that defines WALK_PLAIN_LOADS reads them by loads, which the verifier allows with
 * bpf_rdonly_cast() (6.2); otherwise by a helper, at several times the cost. */
#pragma once
#include "kernel.bpf.h"

#include "hostmeter/wire/walk.h"
#include "hostmeter/wire/walk_setup.h"

const volatile struct wire_walk_setup setup;
struct wire_walk_state state;

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1); /* the loader sets it from the configuration */
	__type(key, __u32);
	__type(value, struct wire_walk_cgroup);
} walk_cgroups SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1); /* likewise */
	__type(key, __u32);
	__type(value, __u64); /* places of rows: an array has no smaller elements */
} walk_changed SEC(".maps");

/* AS: what a pointer points to. GET: a field of it. AT: what is at a distance from it. */
#ifdef WALK_PLAIN_LOADS
extern void *bpf_rdonly_cast(const void *object, __u32 btf_id) __ksym;
#define AS(type, pointer) ((type *)bpf_rdonly_cast((pointer), bpf_core_type_id_kernel(type)))
#define GET(pointer, field) ((pointer)->field)
#define AT(type, pointer, offset) (*(type *)((void *)(pointer) + (offset)))
#else
#define AS(type, pointer) ((type *)(pointer))
#define GET(pointer, field) BPF_CORE_READ(pointer, field)
#define AT(type, pointer, offset) COPY(type, pointer, offset)
#endif

#define COPY(type, pointer, offset)                                                                \
	({                                                                                         \
		type copy_ = 0;                                                                    \
		bpf_probe_read_kernel(&copy_, sizeof(copy_), (void *)(pointer) + (offset));        \
		copy_;                                                                             \
	})

/* The barrier keeps the compiler from making it part of a load: libbpf refuses one that reaches
 * beyond an array as this file knows it. */
#define OFFSET(type, field)                                                                        \
	({                                                                                         \
		__u64 offset_ = bpf_core_field_offset(type, field);                                \
		asm volatile("" : "+r"(offset_));                                                  \
		offset_;                                                                           \
	})
#define HAS(type, field) bpf_core_field_exists(((type *)0)->field)

/* The u64s at an address, of which the kernel's struct has some, be it at its beginning or not. */
#define NUMBERS(address)                                                                           \
	(AS(struct kernel_cpustat, (void *)(address)-OFFSET(struct kernel_cpustat, cpustat))       \
		 ->cpustat)

/* A u64, or a pointer as a number, with which the verifier lets one calculate: of a struct that has
 * numbers it knows no pointer. */
#ifdef WALK_PLAIN_LOADS
#define NUMBER(pointer, offset) (NUMBERS((void *)(pointer) + (offset))[0])
#else
#define NUMBER(pointer, offset) COPY(__u64, pointer, offset)
#endif

/* NULL: the controller is not on here. */
#define CSS_OF(cgrp, id)                                                                           \
	AT(struct cgroup_subsys_state *, cgrp,                                                     \
	   OFFSET(struct cgroup, subsys) + sizeof(void *) * (id))

/* What a walk is at. */
struct place {
	struct cgroup *cgrp;
	struct cgroup_subsys_state *css; /* of setup.subsys: in v1 each cgroup has one for good */
};

#define CSS(at, id)                                                                                \
	(setup.subsys == (__s32)bpf_core_enum_value(enum cgroup_subsys_id, id)                     \
		 ? (at)->css                                                                       \
		 : CSS_OF((at)->cgrp, bpf_core_enum_value(enum cgroup_subsys_id, id)))

#define BIT(field) (1ULL << (field))

static __always_inline __u64 bytes_of(__u64 pages)
{
	return pages << setup.page_shift;
}

static __always_inline __u64 limit_of(__u64 pages)
{
	/* PAGE_COUNTER_MAX */
	if (pages >= (~0ULL >> 1) >> setup.page_shift)
		return WIRE_WALK_NO_LIMIT;
	return bytes_of(pages);
}

/* A row that is being filled. It still has what the last walk put in that place: that is how a row
 * is known to have changed, while it is at hand, and nobody has to look at the others. */
struct filling {
	struct wire_walk_cgroup *row;
	__u64 present;
	__u64 differs; /* not 0: some value is not what it was */
};

static __always_inline void set(struct filling *to, enum wire_walk_field field, __u64 value)
{
	to->differs |= to->row->value[field] ^ value;
	to->row->value[field] = value;
	to->present |= BIT(field);
}

static __always_inline bool is_wanted(__u64 fields)
{
	return state.wanted & fields;
}

#include "walk_cgroup.bpf.h"
#include "walk_cpu.bpf.h"
#include "walk_memory.bpf.h"

static __always_inline void finish(struct filling *to, __u32 index)
{
	const __u32 place = state.changed;
	__u64 *changed;

	if (!to->differs && to->row->present == to->present)
		return;
	to->row->present = to->present;
	changed = bpf_map_lookup_elem(&walk_changed, &place);
	if (changed) {
		*changed = index;
		state.changed = place + 1;
	}
}

/* What is looked at in each walk. While that stands still the rest waits for its turn. */
#define WATCHED                                                                                    \
	(BIT(WIRE_WALK_CPU_USAGE) | BIT(WIRE_WALK_MEMORY_USAGE) | BIT(WIRE_WALK_PIDS) |            \
	 (setup.v2 ? 0 : BIT(WIRE_WALK_PGFAULT) | BIT(WIRE_WALK_CPU_PERIODS)))

static __always_inline void watch(struct filling *to, const struct place *at, bool is_root)
{
	watch_cpu(to, at);
	watch_memory(to, at, is_root);
	if (!is_root)
		watch_pids(to, at);
}

static __always_inline bool is_still(const struct filling *to)
{
	return !to->differs && !((to->present ^ to->row->present) & WATCHED);
}

static __always_inline bool has_turn(__u32 index)
{
	return state.turn == WIRE_WALK_ALL || index % WIRE_WALK_TURNS == state.turn;
}

#define RESTLESS (PRESSURES | BIT(WIRE_WALK_FROZEN))

/* Whether it has its short turn, and something to look at in it. */
static __always_inline bool has_short_turn(__u32 index)
{
	if (!setup.v2 || !is_wanted(RESTLESS))
		return false;
	return state.turn >= WIRE_WALK_ALL ||
	       index % WIRE_WALK_SHORT_TURNS == state.turn % WIRE_WALK_SHORT_TURNS;
}

/* What moves though nothing runs. */
static __always_inline void fill_restless(struct filling *to, const struct place *at)
{
	fill_frozen(to, at->cgrp);
	fill_pressure(to, at->cgrp);
}

/* is_known: its row is of this very cgroup. False: there is no such row. */
static __always_inline bool walk_place(const struct place *at, __u32 index, bool is_known)
{
	struct filling to = {.row = bpf_map_lookup_elem(&walk_cgroups, &index)};
	bool is_root, has_figures;

	if (!to.row)
		return false;
	if (!is_known)
		fill_identity(&to, at->cgrp);
	is_root = to.row->level == 0;
	/* The files of the v2 root, if there are any, are not about its css. */
	has_figures = !setup.v2 || !is_root;
	if (has_figures)
		watch(&to, at, is_root);
	if (is_still(&to) && !has_turn(index)) {
		if (!has_figures || !has_short_turn(index))
			return true;
		to.present = to.row->present & ~RESTLESS;
		fill_restless(&to, at);
		finish(&to, index);
		return true;
	}
	fill_cgroup(&to, at->cgrp);
	if (has_figures) {
		fill_cpu(&to, at);
		fill_memory(&to, at, is_root);
		fill_pids(&to, at, is_root);
		fill_restless(&to, at);
	}
	finish(&to, index);
	return true;
}

static __always_inline void walk_cgroup(struct cgroup *cgrp)
{
	const struct place at = {cgrp, setup.subsys < 0 ? 0 : CSS_OF(cgrp, setup.subsys)};

	if (walk_place(&at, state.cgroups, false))
		state.cgroups++;
	else
		state.unseen++;
}
