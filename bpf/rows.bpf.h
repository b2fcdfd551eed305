/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The rows that one object for block I/O sums up in: those of its hash, and direct ones. What is
 * summed up follows a wire_touched in both.
 * What happens seldom is in functions of its own: the way that nearly every event takes is then a
 * few cache lines of code. */
#pragma once
#include "ancestors.bpf.h"
#include "block.bpf.h"
#include "direct.bpf.h"
#include "touched.bpf.h"

struct row_maps {
	void *hash, *direct, *ancestors, *ring;
	struct wire_touches *touches;
	__u64 *dropped;	  /* events that found the hash full */
	const void *zero; /* how a row of the hash begins */
	__u64 direct_size;
};

/* Of the object that includes this, which says below what they are. */
static const struct row_maps maps;

/* The row of a key in the hash, made when it is the first; NULL when that is full. */
static __always_inline struct wire_touched *hash_row_of(struct bio *bio,
							const struct wire_blkio_key *key)
{
	struct wire_touched *row = bpf_map_lookup_elem(maps.hash, key);
	struct blkcg_gq *blkg;

	if (row)
		return row;
	bpf_map_update_elem(maps.hash, key, maps.zero, BPF_NOEXIST);
	blkg = bio->bi_blkg;
	if (blkg)
		note_ancestors(maps.ancestors, key->cgroup_id, &blkg->blkcg->css);
	return bpf_map_lookup_elem(maps.hash, key);
}

/* Where this CPU sums up what is of the key when its place, the direct row of that index, is not
 * the key's; it may become so. NULL when the hash is full. */
static __noinline struct wire_touched *search_row(struct bio *bio, __u32 dev, __u32 op, __u32 index)
{
	const struct wire_blkio_key key = named_key_of(bio, dev, op);
	struct wire_blkio_owner *owner = bpf_map_lookup_elem(maps.direct, &index);
	struct wire_touched *row = hash_row_of(bio, &key);

	if (row && owner && claim(owner, maps.direct_size, maps.ring, &key))
		return &owner->touched;
	return row;
}

/* Where an event is summed up. */
struct found_row {
	struct wire_touched *row; /* NULL: nowhere, the hash is full */
	bool direct;		  /* was the key's direct row before */
};

static __always_inline struct found_row find_row(struct bio *bio, const struct wire_blkio_key *key)
{
	const __u32 index = direct_index_of(key);
	struct wire_blkio_owner *owner = bpf_map_lookup_elem(maps.direct, &index);

	if (likely(owner && is_owned_by(owner, key)))
		return (struct found_row){&owner->touched, true};
	return (struct found_row){search_row(bio, key->dev, key->op, index), false};
}

/* User space finds a direct row when the key is in the hash, and sets it free with it: it may have
 * erased the key after the last event, and just missed the row that this one claimed. */
static __noinline int tell_key(struct bio *bio, __u32 dev, __u32 op, struct wire_touched *row)
{
	struct wire_blkio_key key = named_key_of(bio, dev, op);

	/* Unmarked, so that the next event tries again. */
	if (!hash_row_of(bio, &key)) {
		WIRE_ATOMIC_ADD(maps.dropped, 1);
		return 0;
	}
	touch(maps.ring, maps.touches, row, &key, sizeof(key));
	return 0;
}

/* After the row has grown. */
static __always_inline void tell(struct bio *bio, const struct wire_blkio_key *key,
				 struct found_row found)
{
	if (likely(found.direct && *(volatile __u32 *)&found.row->tick))
		return;
	if (found.direct || !is_touched(found.row, maps.touches))
		tell_key(bio, key->dev, key->op, found.row);
}
