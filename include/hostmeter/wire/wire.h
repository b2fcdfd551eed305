/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What every struct shared by BPF programs and C++ needs: fixed-width types, and its size asserted
 * on both sides. Padding is written out and zeroed: a map compares keys byte by byte. */
#ifndef HOSTMETER_WIRE_WIRE_H
#define HOSTMETER_WIRE_WIRE_H

#include <linux/types.h>

#ifdef __cplusplus
#define WIRE_SIZE(type, bytes) static_assert(sizeof(type) == (bytes), #type)
#else
#define WIRE_SIZE(type, bytes) _Static_assert(sizeof(type) == (bytes), #type)
#endif

/* The result is not fetched: programs of 5.10 cannot, and from clang 20 on __sync_fetch_and_add()
 * does so whether it is used or not. */
#define WIRE_ATOMIC_ADD(place, value) ((void)__atomic_fetch_add(place, value, __ATOMIC_RELAXED))

/* Read once, here. clang 14 has no atomic load for BPF. */
#ifdef __bpf__
#define WIRE_LOAD(place) (*(const volatile __typeof__(*(place)) *)(place))
#else
#define WIRE_LOAD(place) __atomic_load_n(place, __ATOMIC_RELAXED)
#endif

/* The kernel's own split of a device number in 32 bits. */
#define WIRE_DEV_MINOR_BITS 20

#endif
