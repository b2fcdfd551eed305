// Keys of made-up cgroups, as many as there would be on a host with many containers, that have all
// direct rows of the object that is loaded.
#pragma once
#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include <cstdint>
#include <stdexcept>
#include <vector>

#include "base/unique_fd.hpp"
#include "bpf/kernel_objects.hpp"
#include "hostmeter/wire/blkio.h"
#include "source/bpf/mapped_array.hpp"

namespace hostmeter::bench {

inline constexpr std::uint64_t kCrowd = 2'000;

inline void crowd() {
  const base::UniqueFd hash(test::KernelObjects::ours().map_named("blkio_rows"));
  const base::UniqueFd direct(test::KernelObjects::ours().map_named("blkio_direct"));
  bpf_map_info info{};
  __u32 length = sizeof info;
  if (!hash || !direct || bpf_obj_get_info_by_fd(direct.get(), &info, &length) != 0)
    throw std::runtime_error("the object has no such maps");
  const source::bpf::MappedArray<wire_blkio_direct> mapped(direct.get(), info.max_entries,
                                                           PROT_READ | PROT_WRITE);
  if (!mapped) throw std::runtime_error("direct rows cannot be mapped");
  const std::uint32_t cpus = std::uint32_t(libbpf_num_possible_cpus());
  const std::uint32_t rows = info.max_entries / cpus;
  const std::vector<wire_blkio_copy> copies(cpus);
  for (std::uint64_t i = 0; i < kCrowd; ++i) {
    const wire_blkio_key key{~i, ~i, 8U << WIRE_DEV_MINOR_BITS, WIRE_BLKIO_READ};
    bpf_map_update_elem(hash.get(), &key, copies.data(), BPF_ANY);
    for (std::uint32_t cpu = 0; cpu < cpus; ++cpu)
      mapped.values()[cpu * rows + wire_blkio_direct_index(&key, rows)].owner = {
          key.css, key.dev, key.op, {1, 1}};
  }
}

}  // namespace hostmeter::bench
