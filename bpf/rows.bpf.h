/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The rows that one object for block I/O sums up in: those of its hash, and direct ones. What is
 * summed up follows a wire_touched in both. */
#pragma once
#include "ancestors.bpf.h"
#include "direct.bpf.h"
#include "touched.bpf.h"

struct row_maps {
	void *hash, *direct, *ancestors, *ring;
	struct wire_touches *touches;
	__u64 *dropped;	  /* events that found the hash full */
	const void *zero; /* how a row of the hash begins */
	__u64 direct_size;
};

/* The row of a key in the hash, made when it is the first; NULL when that is full. */
static __always_inline struct wire_touched *
hash_row_of(const struct row_maps *maps, struct bio *bio, const struct wire_blkio_key *key)
{
	struct wire_touched *row = bpf_map_lookup_elem(maps->hash, key);
	struct blkcg_gq *blkg;

	if (row)
		return row;
	bpf_map_update_elem(maps->hash, key, maps->zero, BPF_NOEXIST);
	blkg = bio->bi_blkg;
	if (blkg)
		note_ancestors(maps->ancestors, key->cgroup_id, &blkg->blkcg->css);
	return bpf_map_lookup_elem(maps->hash, key);
}

/* Where this CPU sums up what is of the key; NULL when the hash is full. */
static __always_inline struct wire_touched *find_row(const struct row_maps *maps, struct bio *bio,
						     const struct wire_blkio_key *key)
{
	struct wire_blkio_owner *owner = direct_of(maps->direct, key);
	struct wire_touched *row;

	if (likely(owner && is_owned_by(owner, key)))
		return &owner->touched;
	row = hash_row_of(maps, bio, key);
	if (row && owner && claim(owner, maps->direct_size, maps->ring, key))
		return &owner->touched;
	return row;
}

/* User space finds a direct row when the key is in the hash, and sets it free with it: it may have
 * erased the key after the last event, and just missed the row that this one claimed. */
static __always_inline void tell(const struct row_maps *maps, struct bio *bio,
				 struct wire_blkio_key *key, struct wire_touched *row)
{
	if (likely(is_touched(row, maps->touches)))
		return;
	if (!hash_row_of(maps, bio, key))
		WIRE_ATOMIC_ADD(maps->dropped, 1);
	touch(maps->ring, maps->touches, row, key, sizeof(*key));
}
