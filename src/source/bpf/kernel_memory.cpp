#include "source/bpf/kernel_memory.hpp"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "peek.skel.h"
#include "source/bpf/kernel_support.hpp"
#include "source/bpf/kernel_symbols.hpp"

namespace hostmeter::source::bpf {
namespace {

bool run(const bpf_program* program) {
  bpf_test_run_opts options{};
  options.sz = sizeof options;
  return bpf_prog_test_run_opts(bpf_program__fd(program), &options) == 0;
}

}  // namespace

void KernelMemory::Destroy::operator()(peek* skeleton) const {
  peek__destroy(skeleton);
}

Result<KernelMemory> KernelMemory::load(const KernelTypes& types, const base::Dir& sys) {
  const bool has_lookup =
      types.enumerator("bpf_func_id", "BPF_FUNC_map_lookup_percpu_elem").has_value();
  KernelMemory memory(peek__open(), has_lookup);
  if (!memory.skeleton_) return Error{errno, "open the BPF object"};
  bpf_program__set_autoload(memory.skeleton_->progs.find_per_cpu, has_lookup);
  if (const int failure = peek__load(memory.skeleton_.get())) return load_refused(-failure, sys);
  return memory;
}

std::span<const std::uint8_t> KernelMemory::at(std::uint64_t address) {
  wire_peek& asked = skeleton_->bss->peek;
  asked.address = address;
  asked.failure = -1;
  if (!run(skeleton_->progs.copy) || asked.failure != 0) return {};
  return asked.bytes;
}

std::vector<std::uint64_t> KernelMemory::per_cpu_offsets(const base::Dir& proc) {
  const int possible = libbpf_num_possible_cpus();
  if (possible <= 0 || possible > WIRE_PEEK_CPUS) return {};
  std::vector<std::uint64_t> offsets(std::size_t(possible), 0);
  wire_peek& asked = skeleton_->bss->peek;
  if (has_lookup_) {
    asked.cpus = std::uint32_t(possible);
    if (!run(skeleton_->progs.find_per_cpu)) return {};
    for (std::size_t cpu = 0; cpu < offsets.size(); ++cpu) {
      if (asked.own[cpu] == 0) return {};
      offsets[cpu] = asked.own[cpu] - asked.per_cpu_pointer;
    }
    return offsets;
  }
  constexpr std::array<std::string_view, 1> kTable{"__per_cpu_offset"};
  const Symbols symbols = find_symbols(proc, kTable);
  if (symbols.empty()) return {};
  for (std::size_t cpu = 0; cpu < offsets.size(); ++cpu) {
    const auto bytes = at(symbols.begin()->second + 8 * cpu);
    if (bytes.empty()) return {};
    std::memcpy(&offsets[cpu], bytes.data(), sizeof offsets[cpu]);
  }
  return offsets;
}

}  // namespace hostmeter::source::bpf
