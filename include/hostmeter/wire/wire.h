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

/* The kernel's own split of a device number in 32 bits. */
#define WIRE_DEV_MINOR_BITS 20

#endif
