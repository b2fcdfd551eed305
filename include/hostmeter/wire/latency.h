/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* How long things took, as BPF programs sum it up and src/source/bpf reads it. */
#ifndef HOSTMETER_WIRE_LATENCY_H
#define HOSTMETER_WIRE_LATENCY_H

#include "hostmeter/wire/wire.h"

/* Bucket i holds what took up to 2^i us and more than the bucket below; the last has no bound. */
#define WIRE_LATENCY_BUCKETS 24

/* One for each CPU. Counts wrap around: what counts is how much they grew. */
struct wire_latency {
	__u64 sum_ns;
	__u32 count[WIRE_LATENCY_BUCKETS];
};
WIRE_SIZE(struct wire_latency, 104);

#endif
