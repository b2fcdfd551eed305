// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Tells the loader what BTF does not: the contents of a kernel table, and where the CPUs keep their
 * own copies. Run by hand while loading, never attached. */
#include "kernel.bpf.h"

#include "hostmeter/wire/peek.h"

struct wire_peek peek;

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} peek_per_cpu SEC(".maps");

SEC("raw_tp/sys_enter")
int copy(void *ctx)
{
	peek.failure = bpf_probe_read_kernel(peek.bytes, sizeof(peek.bytes), (void *)peek.address);
	return 0;
}

/* The array knows its per-CPU pointer; a look-up tells what that comes to on each CPU. */
SEC("raw_tp/sys_enter")
int find_per_cpu(void *ctx)
{
	volatile __u64 *const address = &peek.address;
	const __u32 zero = 0;

	*address = (__u64)&peek_per_cpu;
	bpf_probe_read_kernel(&peek.per_cpu_pointer, sizeof(peek.per_cpu_pointer),
			      (void *)(*address + bpf_core_field_offset(struct bpf_array, pptrs)));
	for (__u32 cpu = 0; cpu < peek.cpus && cpu < WIRE_PEEK_CPUS; cpu++) {
		void *own = bpf_map_lookup_percpu_elem(&peek_per_cpu, &zero, cpu);

		if (!own)
			break;
		peek.own[cpu] = (__u64)own;
	}
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
