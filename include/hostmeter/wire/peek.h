/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What bpf/peek.bpf.c is asked and answers. */
#ifndef HOSTMETER_WIRE_PEEK_H
#define HOSTMETER_WIRE_PEEK_H

#include "hostmeter/wire/wire.h"

#define WIRE_PEEK_BYTES 1024
#define WIRE_PEEK_CPUS 1024

struct wire_peek {
	__u64 address; /* to copy from */
	__s64 failure; /* 0: copied */
	__u8 bytes[WIRE_PEEK_BYTES];
	/* A per-CPU pointer, and for each of so many CPUs the address that it stands for. */
	__u64 per_cpu_pointer;
	__u32 cpus, unused;
	__u64 own[WIRE_PEEK_CPUS];
};
WIRE_SIZE(struct wire_peek, 32 + WIRE_PEEK_BYTES + 8 * WIRE_PEEK_CPUS);

#endif
