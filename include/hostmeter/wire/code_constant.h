/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Numbers that the loader puts into the code of BPF programs, source/bpf/code_constant.hpp.
 * Elsewhere a `const volatile` does: but that is a load from a page of its own, which in a program
 * that runs for each context switch or block I/O may cost more than all else of it. */
#ifndef HOSTMETER_WIRE_CODE_CONSTANT_H
#define HOSTMETER_WIRE_CODE_CONSTANT_H

/* What stands in the code until then, and nowhere else. */
enum wire_code_constant {
	WIRE_DIRECT_ROWS = 0x5ed10c51, /* of each CPU: a power of two */
	WIRE_WAIT_THRESHOLD_NS,
};

/* In a program itself: the loader does not see functions that are called. */
#ifdef __bpf__
#define WIRE_CODE_CONSTANT(name)                                                                   \
	({                                                                                         \
		__u64 value;                                                                       \
		asm("%0 = %1" : "=r"(value) : "i"(name));                                          \
		(__u32) value;                                                                     \
	})
#endif

#endif
