// What the kernel says of loaded programs.
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "source/bpf/rights.hpp"

namespace hostmeter::source::bpf {

// Events that these programs, by descriptor, did not see because one of them was running on that
// CPU. Nothing before 5.12, which does not count them.
std::optional<std::uint64_t> recursion_misses(std::span<const int> programs, UseRights&);

// The same for whoever wants it at every tick: the kernel, which sums it up over all CPUs for each
// program, is asked at the first of every kEach.
class RecursionMisses {
 public:
  static constexpr unsigned kEach = 15;

  explicit RecursionMisses(std::vector<int> programs) : programs_(std::move(programs)) {}

  std::optional<std::uint64_t> look(UseRights& rights) {
    if (looks_++ % kEach == 0) last_ = recursion_misses(programs_, rights);
    return last_;
  }

 private:
  std::vector<int> programs_;
  unsigned looks_ = 0;
  std::optional<std::uint64_t> last_;
};

}  // namespace hostmeter::source::bpf
