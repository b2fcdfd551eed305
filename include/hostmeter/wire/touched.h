/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Which rows of a map grew, so that user space need not read the others. */
#ifndef HOSTMETER_WIRE_TOUCHED_H
#define HOSTMETER_WIRE_TOUCHED_H

#include "hostmeter/wire/wire.h"

/* At the head of each CPU's copy of a row. Its key goes through a ring buffer the first time that
 * the row grows on this CPU in a tick, or, if it is a direct row, since user space has read it. */
struct wire_touched {
	__u32 tick;   /* of user space's reading, in which that last was; of a direct row 0 again
			 when that has read it since */
	__u32 claims; /* of a direct row: 1 for its owner, and 1 for each that wants to be; of
			 others unused */
};
WIRE_SIZE(struct wire_touched, 8);

/* True when the row is now the caller's, who owns it until user space takes 1 off its claims.
 * An interrupt, or on some kernels another task, may want it amid this. Programs of 5.10 have no
 * compare and exchange: but whoever reads 1 after he added it is alone, since an owner's stays and
 * the others take theirs back. When no one is alone, no one has it, and it is free again. */
static inline int wire_claim(struct wire_touched *row)
{
	if (WIRE_LOAD(&row->claims))
		return 0;
	WIRE_ATOMIC_ADD(&row->claims, 1);
	if (WIRE_LOAD(&row->claims) == 1)
		return 1;
	WIRE_ATOMIC_ADD(&row->claims, -1U);
	return 0;
}

/* tick: user space counts it up before it reads. all: 1: there was no room for a key, so that every
 * row has to be read; user space sets it back. */
struct wire_touches {
	__u32 tick;
	__u32 all;
};
WIRE_SIZE(struct wire_touches, 8);

#endif
