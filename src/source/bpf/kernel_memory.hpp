// Looks into the kernel's memory, for what BTF does not tell.
#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "base/dir.hpp"
#include "hostmeter/base/result.hpp"
#include "hostmeter/wire/peek.h"
#include "source/bpf/kernel_types.hpp"

struct peek;  // the skeleton that bpftool made

namespace hostmeter::source::bpf {

class KernelMemory {
 public:
  static Result<KernelMemory> load(const KernelTypes&, const base::Dir& sys);

  // WIRE_PEEK_BYTES of them, until the next call; none where they cannot be read.
  std::span<const std::uint8_t> at(std::uint64_t address);

  // What to add to a per-CPU pointer for each possible CPU; none when that is not to be found out.
  std::vector<std::uint64_t> per_cpu_offsets(const base::Dir& proc);

 private:
  struct Destroy {
    void operator()(peek*) const;
  };
  KernelMemory(peek* skeleton, bool has_lookup) : skeleton_(skeleton), has_lookup_(has_lookup) {}
  std::unique_ptr<peek, Destroy> skeleton_;
  bool has_lookup_;  // bpf_map_lookup_percpu_elem(): 5.19
};

}  // namespace hostmeter::source::bpf
