// A walk whose rows a test writes by hand.
#pragma once
#include <algorithm>
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
  std::shared_ptr<const bool> alive = std::make_shared<bool>(true);

  Result<source::bpf::WalkRows> walk() override {
    ++walks;
    if (error.code != 0) return error;
    return source::bpf::WalkRows{cgroups, unseen};
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
};

}  // namespace hostmeter::test
