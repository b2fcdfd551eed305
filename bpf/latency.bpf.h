/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Which bucket of a latency histogram a duration belongs to. */
#pragma once
#include "kernel.bpf.h"

#include "hostmeter/wire/latency.h"

/* The least i with ns <= 2^i us. There is no instruction for a logarithm, and one for a division
 * is slow: below 2^32 this multiplication is the division by 1000, above is the last bucket. */
static __always_inline __u32 bucket_of(__u64 ns)
{
	const __u64 before = ns ? ns - 1 : 0;
	__u32 us, bucket, step;

	if (before >> 32)
		return WIRE_LATENCY_BUCKETS - 1;
	us = before * 274877907 >> 38; /* bucket i: 2^(i-1) up to 2^i - 1 */
	bucket = us != 0;
	step = (us > 0xffff) << 4;
	us >>= step;
	bucket += step;
	step = (us > 0xff) << 3;
	us >>= step;
	bucket += step;
	step = (us > 0xf) << 2;
	us >>= step;
	bucket += step;
	step = (us > 0x3) << 1;
	us >>= step;
	bucket += step;
	bucket += us >> 1;
	return bucket < WIRE_LATENCY_BUCKETS ? bucket : WIRE_LATENCY_BUCKETS - 1;
}
