// What was last seen of each cgroup's CPU time, for readers that need not look at idle ones.
#pragma once
#include <cstdint>
#include <optional>
#include <vector>

#include "hostmeter/flow/record.hpp"

namespace hostmeter::source::cgroup {

class Activity {
 public:
  void set(Subject subject, std::optional<std::uint64_t> usage_ns) {
    if (subject.slot >= seen_.size()) seen_.resize(subject.slot + std::size_t{1});
    seen_[subject.slot] = usage_ns;
  }
  // Nothing when nobody reads CPU time: then every cgroup may be busy.
  std::optional<std::uint64_t> usage_ns(Subject subject) const {
    if (subject.slot >= seen_.size()) return {};
    return seen_[subject.slot];
  }

 private:
  std::vector<std::optional<std::uint64_t>> seen_;  // by slot
};

}  // namespace hostmeter::source::cgroup
