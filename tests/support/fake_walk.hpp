// A walk whose rows a test writes by hand.
#pragma once
#include <algorithm>
#include <cstring>
#include <memory>
#include <vector>

#include "source/bpf/walk_table.hpp"

namespace hostmeter::test {

class FakeWalk final : public source::bpf::WalkTable {
 public:
  std::vector<wire_walk_cgroup> cgroups;
  std::uint64_t unseen = 0;
  Error error{};
  unsigned walks = 0;
  std::vector<unsigned> turns;  // of each walk
  std::shared_ptr<const bool> alive = std::make_shared<bool>(true);

  Result<source::bpf::WalkRows> walk(std::uint64_t, unsigned turn) override {
    turns.push_back(turn);
    ++walks;
    if (error.code != 0) return error;
    changed_.clear();
    bool is_rearranged = told_.size() != cgroups.size();
    for (std::uint32_t i = 0; i < cgroups.size() && !is_rearranged; ++i) {
      is_rearranged = told_[i].id != cgroups[i].id || told_[i].serial != cgroups[i].serial;
      if (std::memcmp(&told_[i], &cgroups[i], sizeof told_[i]) != 0) changed_.push_back(i);
    }
    told_ = cgroups;
    return source::bpf::WalkRows{cgroups, unseen, changed_, is_rearranged};
  }
  source::bpf::Rung rung() const override { return source::bpf::Rung::css_iterator; }

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
  std::uint64_t serial_ = 100;
  std::vector<wire_walk_cgroup> told_;  // by the last walk
  std::vector<std::uint64_t> changed_;
};

}  // namespace hostmeter::test
