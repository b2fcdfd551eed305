/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Which rows of a map grew, so that user space need not read the others. */
#ifndef HOSTMETER_WIRE_TOUCHED_H
#define HOSTMETER_WIRE_TOUCHED_H

#include "hostmeter/wire/wire.h"

/* At the head of each CPU's copy of a row. Its key goes through a ring buffer the first time that
 * the row grows on this CPU in a tick. */
struct wire_touched {
	__u32 tick;   /* of user space's reading, in which that last was */
	__u32 claims; /* of a direct row: since it was set free; of others unused */
};
WIRE_SIZE(struct wire_touched, 8);

/* tick: user space counts it up before it reads. all: 1: there was no room for a key, so that every
 * row has to be read; user space sets it back. */
struct wire_touches {
	__u32 tick;
	__u32 all;
};
WIRE_SIZE(struct wire_touches, 8);

#endif
