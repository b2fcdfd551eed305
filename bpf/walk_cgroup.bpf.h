/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Part of walk.bpf.h: the cgroup itself, its processes, and how long they were stalled. */

#define WALK_CSS_SETS 32

/* In the css_sets from that link on; -1: in more of them than we follow. A css_set is one
 * combination of cgroups in all hierarchies: in v2 a cgroup has a few. A global function: the
 * verifier looks at it once, not again for each way that leads to it. */
__noinline int walk_threads(__u64 link)
{
	/* What comes before the first is the list's head. A pointer to it cannot be passed. */
	const __u64 list = NUMBER(link, bpf_core_field_offset(struct list_head, prev));
	int threads = 0;

	for (int i = 0; i < WALK_CSS_SETS && link && link != list; i++) {
		struct cgrp_cset_link *found;
		struct css_set *set;

		found = AS(struct cgrp_cset_link,
			   (void *)(link - OFFSET(struct cgrp_cset_link, cset_link)));
		set = GET(found, cset);
		threads += GET(set, nr_tasks);
		link = (__u64)GET(found, cset_link.next);
	}
	return link == list ? threads : -1;
}

static __always_inline void fill_threads(struct filling *to, struct cgroup *cgrp)
{
	int threads =
		walk_threads(NUMBER(cgrp, bpf_core_field_offset(struct cgroup, cset_links.next)));

	if (threads >= 0)
		set(to, WIRE_WALK_THREADS, threads);
}

/* A serial number is never used again: with it all of this stays as it is. The root's is 0, as in a
 * row that was never filled. */
static __always_inline void fill_identity(struct filling *to, struct cgroup *cgrp)
{
	const __u64 serial = GET(cgrp, self.serial_nr);
	struct wire_walk_cgroup *row = to->row;
	struct cgroup_subsys_state *above;
	struct kernfs_node *node;

	if (row->serial == serial && row->id)
		return;
	above = GET(cgrp, self.parent);
	node = GET(cgrp, kn);
	row->id = GET(node, id);
	row->parent = 0;
	if (above) {
		struct cgroup *parent = GET(above, cgroup);
		struct kernfs_node *parent_node = GET(parent, kn);

		row->parent = GET(parent_node, id);
	}
	row->serial = serial;
	row->level = GET(cgrp, level);
	row->unused = 0;
	to->differs = 1;
	state.moved = 1;
}

static __always_inline __u64 is_populated(struct cgroup *cgrp)
{
	struct cgroup___old *old = (void *)cgrp;
	__u64 populated;

	if (HAS(struct cgroup___old, nr_populated_csets))
		populated = AT(int, old, OFFSET(struct cgroup___old, nr_populated_csets));
	else
		populated = GET(cgrp, self.nr_populated_csets);
	populated += GET(cgrp, nr_populated_domain_children);
	populated += GET(cgrp, nr_populated_threaded_children);
	return populated != 0;
}

static __always_inline void fill_cgroup(struct filling *to, struct cgroup *cgrp)
{
	if (is_wanted(BIT(WIRE_WALK_DESCENDANTS)))
		set(to, WIRE_WALK_DESCENDANTS, GET(cgrp, nr_descendants));
	if (is_wanted(BIT(WIRE_WALK_THREADS)))
		fill_threads(to, cgrp);
	if (is_wanted(BIT(WIRE_WALK_POPULATED)))
		set(to, WIRE_WALK_POPULATED, is_populated(cgrp));
}

static __always_inline void fill_frozen(struct filling *to, struct cgroup *cgrp)
{
	if (setup.v2 && setup.frozen && to->row->level)
		set(to, WIRE_WALK_FROZEN, (GET(cgrp, flags) & setup.frozen) != 0);
}

/* PID_MAX_LIMIT + 1, of 64-bit kernels. */
#define PIDS_MAX (4 * 1024 * 1024 + 1)

static __always_inline __u64 pids_events(struct pids_cgroup *pids, struct cgroup *cgrp)
{
	struct pids_cgroup___old *old = (void *)pids;
	struct cgroup_root *root;

	if (HAS(struct pids_cgroup___old, events_limit))
		return AT(__u64, old, OFFSET(struct pids_cgroup___old, events_limit));
	root = GET(cgrp, root);
	/* pids.events is then of the forks that failed in this very cgroup. */
	if (!setup.v2 || GET(root, flags) & setup.pids_local_events)
		return AT(__u64, pids,
			  OFFSET(struct pids_cgroup, events_local) +
				  8 * bpf_core_enum_value(enum pidcg_event, PIDCG_FORKFAIL));
	return AT(__u64, pids,
		  OFFSET(struct pids_cgroup, events) +
			  8 * bpf_core_enum_value(enum pidcg_event, PIDCG_MAX));
}

static __always_inline struct pids_cgroup *pids_of(const struct place *at)
{
	struct cgroup_subsys_state *css;

	if (!(setup.controllers & WIRE_WALK_ON_PIDS))
		return 0;
	css = CSS(at, pids_cgrp_id);
	return css ? AS(struct pids_cgroup, css) : 0;
}

static __always_inline void watch_pids(struct filling *to, const struct place *at)
{
	struct pids_cgroup *pids = pids_of(at);

	if (pids)
		set(to, WIRE_WALK_PIDS, GET(pids, counter.counter));
}

static __always_inline void fill_pids(struct filling *to, const struct place *at, bool is_root)
{
	struct pids_cgroup *pids = is_root ? 0 : pids_of(at);
	__u64 limit;

	if (!pids)
		return;
	limit = GET(pids, limit.counter);
	set(to, WIRE_WALK_PIDS_MAX, limit >= PIDS_MAX ? WIRE_WALK_NO_LIMIT : limit);
	set(to, WIRE_WALK_PIDS_EVENTS_MAX, pids_events(pids, at->cgrp));
}

#define PRESSURES                                                                                  \
	(BIT(WIRE_WALK_PSI_IO_SOME) | BIT(WIRE_WALK_PSI_IO_FULL) |                                 \
	 BIT(WIRE_WALK_PSI_MEMORY_SOME) | BIT(WIRE_WALK_PSI_MEMORY_FULL) |                         \
	 BIT(WIRE_WALK_PSI_CPU_SOME) | BIT(WIRE_WALK_PSI_CPU_FULL))

#define FILL_STALLED(psi_state, field)                                                             \
	do {                                                                                       \
		if (bpf_core_enum_value_exists(enum psi_states, psi_state))                        \
			set(to, field,                                                             \
			    AT(__u64, psi,                                                         \
			       OFFSET(struct psi_group, total) +                                   \
				       8 * bpf_core_enum_value(enum psi_states, psi_state)));      \
	} while (0)

static __always_inline struct psi_group *psi_of(struct cgroup *cgrp)
{
	if (HAS(struct cgroup___old, psi))
		return AS(struct psi_group, (void *)cgrp + OFFSET(struct cgroup___old, psi));
	return GET(cgrp, psi);
}

static __always_inline void fill_pressure(struct filling *to, struct cgroup *cgrp)
{
	struct psi_group *psi;

	if (!setup.v2 || !setup.has_pressure || !is_wanted(PRESSURES))
		return;
	psi = psi_of(cgrp);
	if (!psi || (HAS(struct psi_group, enabled) && !GET(psi, enabled)))
		return;
	FILL_STALLED(PSI_IO_SOME, WIRE_WALK_PSI_IO_SOME);
	FILL_STALLED(PSI_IO_FULL, WIRE_WALK_PSI_IO_FULL);
	FILL_STALLED(PSI_MEM_SOME, WIRE_WALK_PSI_MEMORY_SOME);
	FILL_STALLED(PSI_MEM_FULL, WIRE_WALK_PSI_MEMORY_FULL);
	FILL_STALLED(PSI_CPU_SOME, WIRE_WALK_PSI_CPU_SOME);
	FILL_STALLED(PSI_CPU_FULL, WIRE_WALK_PSI_CPU_FULL);
}
