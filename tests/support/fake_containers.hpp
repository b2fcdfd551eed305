// An Inventory of containers that a test makes up, each with a process of its choice.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "source/cgroup/inventory.hpp"

namespace hostmeter::test {

class FakeContainers final : public source::cgroup::Inventory {
 public:
  using Cgroup = source::cgroup::Cgroup;

  FakeContainers() : slots_(1), owned_(1), pids_(1) {}

  // age: the lower the older. Takes the first free slot, as the real one does.
  Subject add(int pid, std::uint64_t age = 0) {
    std::size_t slot = 1;
    while (slot < slots_.size() && slots_[slot]) ++slot;
    if (slot == slots_.size()) {
      slots_.push_back(nullptr);
      owned_.emplace_back();
      pids_.push_back(0);
    }
    auto cgroup = std::make_unique<Cgroup>();
    cgroup->subject = {std::uint32_t(slot), ++generation_};
    cgroup->path = "/docker/" + std::to_string(generation_);
    cgroup->identity.kind = CgroupKind::container;
    cgroup->kernfs_id[0] = age != 0 ? age : 1000 + generation_;
    born_.push_back(cgroup->subject);
    slots_[slot] = cgroup.get();
    pids_[slot] = pid;
    owned_[slot] = std::move(cgroup);
    return owned_[slot]->subject;
  }
  void remove(Subject subject) {
    gone_.push_back(subject);
    slots_[subject.slot] = nullptr;
    owned_[subject.slot] = nullptr;
  }
  void next_tick() {
    ++tick_;
    born_.clear();
    gone_.clear();
  }
  void set_pid(Subject subject, int pid) { pids_[subject.slot] = pid; }
  Cgroup& at(Subject subject) { return *owned_[subject.slot]; }

  std::uint64_t tick() const override { return tick_; }
  std::span<const Cgroup* const> slots() const override { return slots_; }
  const Cgroup* by_kernfs_id(std::size_t, std::uint64_t) const override { return nullptr; }
  std::span<const Subject> born() const override { return born_; }
  std::span<const Subject> gone() const override { return gone_; }
  int first_pid(const Cgroup& cgroup) const override { return pids_[cgroup.subject.slot]; }
  bool is_served(const Cgroup& cgroup) const override {
    return cgroup.identity.kind != CgroupKind::nested;
  }

 private:
  std::vector<const Cgroup*> slots_;
  std::vector<std::unique_ptr<Cgroup>> owned_;
  std::vector<int> pids_;
  std::vector<Subject> born_, gone_;
  std::uint64_t tick_ = 1;
  std::uint32_t generation_ = 0;
};

}  // namespace hostmeter::test
