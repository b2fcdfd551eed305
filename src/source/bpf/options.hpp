// Settings of the BPF readers.
#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>

namespace hostmeter::source::bpf {

// One line without its newline, at a level for debugging: what libbpf and the verifier say.
using Log = std::function<void(std::string_view line)>;

struct Options {
  // Room for pairs of cgroup and device, counting each kind of operation; fewer where the copies
  // for each CPU would take more than max_bytes of kernel memory.
  std::uint32_t max_entries = 16384;
  std::size_t max_bytes = 16U << 20;
  // Room for cgroups in a walk over one hierarchy, ~0.5 KiB of kernel memory each.
  std::uint32_t max_cgroups = 8192;
  // The rights to use what was loaded end before it is used: what could not be read then is
  // refused.
  bool rights_end = false;
  Log log;  // empty: quiet
};

}  // namespace hostmeter::source::bpf
