/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Tells user space which rows grew. */
#pragma once
#include "kernel.bpf.h"

#include "hostmeter/wire/touched.h"

static __always_inline bool is_touched(const struct wire_touched *touched,
				       const struct wire_touches *touches)
{
	return *(volatile __u32 *)&touched->tick == *(volatile __u32 *)&touches->tick;
}

/* After the row has grown, when user space need be told so: then, at the latest in the tick after
 * this one, it sees all of it, for it reads a row in two ticks when it is told of it once.
 * Marked before it is told of: the other way round user space, which takes the mark off a direct
 * row when it is told of its key, might do so before it is there. */
static __always_inline void touch(void *ring, struct wire_touches *touches,
				  struct wire_touched *touched, void *key, __u64 size)
{
	*(volatile __u32 *)&touched->tick = *(volatile __u32 *)&touches->tick;
	/* Without room for one, all are read anyway, in two ticks: no other need be told of. */
	if (!touches->all && bpf_ringbuf_output(ring, key, size, BPF_RB_NO_WAKEUP))
		touches->all = 1;
}
