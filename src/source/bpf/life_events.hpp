// Births and deaths as the kernel told them in one tick.
#pragma once
#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "source/bpf/life_table.hpp"
#include "source/cgroup/chronicle.hpp"

namespace hostmeter::source::bpf {

// Final figures of a directory, or of all directories of one cgroup.
struct LifeFigures {
  std::uint64_t present = 0;  // bit i: value[i] is there
  std::array<std::uint64_t, WIRE_LIFE_FIELDS> value{};
  std::uint64_t made_ns = 0, removed_ns = 0;  // 0: not known

  std::optional<std::uint64_t> get(wire_life_field field) const {
    if ((present >> field & 1U) == 0) return {};
    return value[field];
  }
  void add(const LifeFigures& more) {
    for (std::size_t i = 0; i < value.size(); ++i)
      if ((more.present >> i & 1U) != 0) value[i] = more.value[i];
    present |= more.present;
    // The first of its directories made, and the last one removed.
    if (made_ns == 0 || (more.made_ns != 0 && more.made_ns < made_ns)) made_ns = more.made_ns;
    removed_ns = std::max(removed_ns, more.removed_ns);
  }
  std::optional<std::uint64_t> lived_ns() const {
    if (made_ns == 0 || removed_ns < made_ns) return {};
    return removed_ns - made_ns;
  }
};

struct LifeEnd {
  cgroup::Removed removed;
  LifeFigures figures;
};

struct OomKill {
  std::optional<std::size_t> hierarchy;  // nothing: the kernel does not say whose it was
  std::uint64_t id = 0, at_ns = 0;
  std::optional<std::uint64_t> bytes;
  std::string comm;
};

// Takes events in at the beginning of a tick, and trusts none of them.
class LifeEvents final : public cgroup::Chronicle {
 public:
  // One of ours: the kernel's number of it, and what its paths begin with that our mount does not
  // show ("" or "/part"): what is not below is not for us.
  struct Hierarchy {
    std::uint32_t number;
    std::string root;
  };
  LifeEvents(LifeTable& table, std::vector<Hierarchy> hierarchies)
      : table_(table), hierarchies_(std::move(hierarchies)) {}

  void take() override;

  std::span<const cgroup::Made> made() const override { return made_; }
  std::size_t removals() const override { return ends_.size(); }
  const cgroup::Removed& removed(std::size_t index) const override { return ends_[index].removed; }

  std::span<const LifeEnd> ends() const { return ends_; }
  std::span<const OomKill> kills() const { return kills_; }

  std::uint64_t malformed() const { return malformed_; }

 private:
  bool add(std::span<const std::byte> event);
  bool add_end(std::span<const std::byte> event, std::size_t hierarchy);
  bool add_kill(std::span<const std::byte> event, std::optional<std::size_t> hierarchy);
  std::optional<std::size_t> hierarchy_of(std::uint32_t number) const;

  LifeTable& table_;
  std::vector<Hierarchy> hierarchies_;
  std::vector<cgroup::Made> made_;
  std::vector<LifeEnd> ends_;
  std::vector<OomKill> kills_;
  std::uint64_t malformed_ = 0;
};

}  // namespace hostmeter::source::bpf
