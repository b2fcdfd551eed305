#include "source/bpf/programs.hpp"

#include <bpf/bpf.h>

#include <cstddef>

namespace hostmeter::source::bpf {

std::optional<std::uint64_t> recursion_misses(std::span<const int> programs, UseRights& rights) {
  std::uint64_t misses = 0;
  for (const int program : programs) {
    bpf_prog_info info{};
    std::uint32_t length = sizeof info;
    // An older kernel fills in less and says how much.
    constexpr std::size_t kEnd = offsetof(bpf_prog_info, recursion_misses) + sizeof(__u64);
    const int failure = rights.run([&] { return bpf_obj_get_info_by_fd(program, &info, &length); });
    if (failure != 0 || length < kEnd) return {};
    misses += info.recursion_misses;
  }
  return misses;
}

}  // namespace hostmeter::source::bpf
