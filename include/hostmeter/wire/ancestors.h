/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Which cgroups are above one, for those that user space never gets to see. */
#ifndef HOSTMETER_WIRE_ANCESTORS_H
#define HOSTMETER_WIRE_ANCESTORS_H

#include "hostmeter/wire/wire.h"

/* Their kernfs ids, nearest first, 0 after the last. With these what a cgroup did that came and
 * went between two looks still finds its parents. */
#define WIRE_ANCESTORS 6
struct wire_ancestors {
	__u64 cgroup_id[WIRE_ANCESTORS];
};
WIRE_SIZE(struct wire_ancestors, 48);

#endif
