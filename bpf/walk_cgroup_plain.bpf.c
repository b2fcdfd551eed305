// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* walk_cgroup.bpf.c for kernels whose verifier lets a program load what a pointer points to. */
#define WALK_PLAIN_LOADS
#include "walk_cgroup.bpf.c"
