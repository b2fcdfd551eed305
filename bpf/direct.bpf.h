/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Rows that are found without a search, for most of what happens. */
#pragma once
#include "kernel.bpf.h"

#include "hostmeter/wire/blkio.h"

/* Set before it is loaded. No constant: so it lies beside what every event reads anyway. */
volatile __u32 direct_rows = 1; /* of each CPU: a power of two */

/* The one that may be the key's on this CPU. */
static __always_inline void *direct_of(void *map, const struct wire_blkio_key *key)
{
	const __u32 rows = direct_rows;
	const __u32 index = bpf_get_smp_processor_id() * rows + wire_blkio_direct_index(key, rows);

	return key->dev ? bpf_map_lookup_elem(map, &index) : NULL;
}

static __always_inline bool is_owned_by(const struct wire_blkio_owner *owner,
					const struct wire_blkio_key *key)
{
	return owner->key.cgroup_id == key->cgroup_id && owner->key.dev == key->dev &&
	       owner->key.op == key->op;
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
	owner->key.cgroup_id = key->cgroup_id;
	owner->key.op = key->op;
	*told = *key;
	/* Exchanges the record's length: a full barrier, which programs have no other of that each
	 * kernel knows. So whoever sees dev sees what is above. */
	bpf_ringbuf_submit(told, BPF_RB_NO_WAKEUP);
	*(volatile __u32 *)&owner->key.dev = key->dev;
	return true;
}
