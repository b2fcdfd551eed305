// A walk whose rows a test writes by hand.
#pragma once
#include <algorithm>
#include <cstring>
#include <memory>
#include <optional>
#include <vector>

#include "source/bpf/walk_table.hpp"

namespace hostmeter::test {

class FakeWalk final : public source::bpf::WalkTable {
 public:
  std::vector<wire_walk_cgroup> cgroups;
  std::uint64_t unseen = 0;
  Error error{};
  unsigned walks = 0;
  std::vector<std::uint64_t> wanted;                  // of each walk
  std::vector<unsigned> turns;                        // of each walk
  std::optional<std::vector<std::uint32_t>> asked{};  // in the last one; nothing: all
  std::shared_ptr<const bool> alive = std::make_shared<bool>(true);

  Result<source::bpf::WalkRows> walk(const source::bpf::Look& look) override {
    wanted.push_back(look.wanted);
    turns.push_back(look.turn);
    asked.reset();
    if (look.only) asked = *look.only;
    ++walks;
    if (error.code != 0) return error;
    changed_.clear();
    const bool is_rearranged =
        !std::ranges::equal(told_, cgroups, [](const auto& told, const auto& now) {
          return told.id == now.id && told.serial == now.serial;
        });
    if (is_rearranged)
      told_ = cgroups;
    else
      for (std::uint32_t i = 0; i < cgroups.size(); ++i) look_at(i, look);
    return source::bpf::WalkRows{told_, unseen, changed_, is_rearranged};
  }
  const source::bpf::WalkWay& way() const override { return way_; }

  // The row of that id, made with the next serial number if there is none.
  wire_walk_cgroup& row(std::uint64_t id) {
    const auto at = std::find_if(cgroups.begin(), cgroups.end(),
                                 [&](const wire_walk_cgroup& one) { return one.id == id; });
    if (at != cgroups.end()) return *at;
    wire_walk_cgroup made{};
    made.id = id;
    made.parent = 1;
    made.serial = ++serial_;
    made.level = 1;
    return cgroups.emplace_back(made);
  }
  void set(std::uint64_t id, unsigned field, std::uint64_t value) {
    wire_walk_cgroup& one = row(id);
    one.value[field] = value;
    one.present |= std::uint64_t{1} << field;
  }
  void remove(std::uint64_t id) {
    std::erase_if(cgroups, [&](const wire_walk_cgroup& one) { return one.id == id; });
  }

 private:
  const source::bpf::WalkWay way_{};
  void look_at(std::uint32_t place, const source::bpf::Look& look) {
    const wire_walk_cgroup& now = cgroups[place];
    const bool is_asked = !look.only || std::ranges::any_of(*look.only, [&](std::uint32_t one) {
      return (one & ~source::bpf::kRan) == place;
    });
    const bool is_still = std::ranges::none_of(
        kWatched, [&](unsigned field) { return told_[place].value[field] != now.value[field]; });
    const bool has_turn =
        look.turn == source::bpf::kTurnOfAll || place % source::bpf::kTurns == look.turn;
    if (!is_asked || (is_still && !has_turn) || std::memcmp(&told_[place], &now, sizeof now) == 0)
      return;
    told_[place] = now;
    changed_.push_back(place);
  }

  static constexpr unsigned kWatched[] = {WIRE_WALK_MEMORY_USAGE, WIRE_WALK_CPU_USAGE,
                                          WIRE_WALK_PIDS};
  std::uint64_t serial_ = 100;
  std::vector<wire_walk_cgroup> told_;  // as the last walk left them
  std::vector<std::uint64_t> changed_;
};

}  // namespace hostmeter::test
