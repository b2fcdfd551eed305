// The cgroups that are read from files although others are walked.
#pragma once
#include <vector>

#include "source/cgroup/inventory.hpp"

namespace hostmeter::source::walk {

// An inventory in which only chosen cgroups are there. One that is taken out is gone for whoever
// reads it, descriptors and all.
class Subset final : public cgroup::Inventory {
 public:
  explicit Subset(const cgroup::Inventory& whole) : whole_(whole) {}

  // In a tick: begin, choose, read. A choice holds until it is changed or the cgroup is gone.
  void begin() {
    gone_.assign(whole_.gone().begin(), whole_.gone().end());
    for (const Subject& subject : gone_)
      if (subject.slot < slots_.size()) slots_[subject.slot] = nullptr;  // points to nothing now
    slots_.resize(whole_.slots().size());
  }
  void choose(const cgroup::Cgroup& cgroup, bool in) {
    const cgroup::Cgroup*& known = slots_[cgroup.subject.slot];
    if (known && !in) gone_.push_back(cgroup.subject);
    known = in ? &cgroup : nullptr;
  }
  void choose_all() {
    for (const cgroup::Cgroup* cgroup : whole_.slots())
      if (cgroup) choose(*cgroup, true);
  }
  bool has(Subject subject) const { return find(subject) != nullptr; }

  std::span<const cgroup::Cgroup* const> slots() const override { return slots_; }
  const cgroup::Cgroup* by_kernfs_id(std::size_t hierarchy, std::uint64_t id) const override {
    const cgroup::Cgroup* const cgroup = whole_.by_kernfs_id(hierarchy, id);
    return cgroup && has(cgroup->subject) ? cgroup : nullptr;
  }
  std::span<const Subject> born() const override { return whole_.born(); }
  std::span<const Subject> gone() const override { return gone_; }
  bool is_rearranged() const override { return whole_.is_rearranged(); }
  int first_pid(const cgroup::Cgroup& cgroup) const override { return whole_.first_pid(cgroup); }
  bool is_served(const cgroup::Cgroup& cgroup) const override { return whole_.is_served(cgroup); }
  std::uint64_t tick() const override { return whole_.tick(); }

 private:
  const cgroup::Inventory& whole_;
  std::vector<const cgroup::Cgroup*> slots_;
  std::vector<Subject> gone_;
};

}  // namespace hostmeter::source::walk
