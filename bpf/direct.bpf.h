/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Rows that are found without a search, for most of what happens. */
#pragma once
#include "kernel.bpf.h"

#include "hostmeter/wire/blkio.h"
#include "hostmeter/wire/code_constant.h"

#define NO_INDEX (~0U)

/* Of the one that may be the key's on this CPU, which need not name its cgroup. */
static __always_inline __u32 direct_index_of(const struct wire_blkio_key *key)
{
	const __u32 rows = WIRE_CODE_CONSTANT(WIRE_DIRECT_ROWS);
	const __u32 index = wire_blkio_direct_index(key, rows);

	return key->dev ? bpf_get_smp_processor_id() * rows + index : NO_INDEX;
}

static __always_inline bool is_owned_by(const struct wire_blkio_owner *owner,
					const struct wire_blkio_key *key)
{
	return owner->css == key->css && owner->dev == key->dev && owner->op == key->op;
}

/* True when the row has become the key's, empty and size bytes large. */
static __always_inline bool claim(struct wire_blkio_owner *owner, __u64 size, void *ring,
				  const struct wire_blkio_key *key)
{
	struct wire_blkio_key *told;

	if (owner->touched.claims)
		return false;
	told = bpf_ringbuf_reserve(ring, sizeof(*told), 0);
	if (!told)
		return false;
	if (!wire_claim(&owner->touched)) {
		bpf_ringbuf_discard(told, BPF_RB_NO_WAKEUP);
		return false;
	}
	__builtin_memset(owner + 1, 0, size - sizeof(*owner));
	owner->touched.tick = 0;
	owner->css = key->css;
	owner->op = key->op;
	*told = *key;
	/* Exchanges the record's length: a full barrier, which programs have no other of that each
	 * kernel knows. So whoever sees dev sees what is above. */
	bpf_ringbuf_submit(told, BPF_RB_NO_WAKEUP);
	*(volatile __u32 *)&owner->dev = key->dev;
	return true;
}
