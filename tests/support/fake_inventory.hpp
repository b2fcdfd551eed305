// A cgroup tree that a test grows and prunes by hand.
#pragma once
#include <algorithm>
#include <memory>
#include <string>
#include <unordered_set>
#include <vector>

#include "source/cgroup/inventory.hpp"

namespace hostmeter::test {

// Every cgroup is in hierarchy kHierarchy, under an id that the test chooses; the root's is 1.
class FakeInventory final : public source::cgroup::Inventory {
 public:
  static constexpr std::size_t kHierarchy = 2;

  FakeInventory() { put(kHost, kHost, 1, "/"); }

  Subject add(std::uint64_t id, Subject parent = kHost, std::string path = "/made-up") {
    std::size_t slot = 1;
    while (slot < cgroups_.size() && (cgroups_[slot] || is_held(slot))) ++slot;
    const Subject subject{std::uint32_t(slot), ++generation_};
    put(subject, parent, id, std::move(path));
    born_.push_back(subject);
    return subject;
  }
  void remove(Subject subject) {
    gone_.push_back(subject);
    slots_[subject.slot] = nullptr;
    cgroups_[subject.slot].reset();
  }
  // Removed, as the tree tells in the tick in which it misses it.
  void depart(Subject subject) {
    departed_.push_back(std::move(cgroups_[subject.slot]));
    remove(subject);
  }
  Subject came_and_went(std::uint64_t id, Subject parent = kHost) {
    const Subject subject = add(id, parent);
    depart(subject);
    return subject;
  }
  void next_tick() {
    departed_.clear();
    gone_.clear();
    born_.clear();
  }
  void inhabit(Subject subject) { inhabited_.insert(subject.slot); }
  void do_not_serve(Subject subject) { unserved_.insert(subject.slot); }

  std::uint64_t tick() const override { return 1; }
  std::span<const source::cgroup::Cgroup* const> slots() const override { return slots_; }
  const source::cgroup::Cgroup* by_kernfs_id(std::size_t hierarchy,
                                             std::uint64_t id) const override {
    for (const source::cgroup::Cgroup* cgroup : slots_)
      if (cgroup && cgroup->kernfs_id[hierarchy] == id) return cgroup;
    return nullptr;
  }
  std::span<const Subject> born() const override { return born_; }
  std::span<const Subject> gone() const override { return gone_; }
  std::span<const std::unique_ptr<const source::cgroup::Cgroup>> departed() const override {
    return departed_;
  }
  int first_pid(const source::cgroup::Cgroup& cgroup) const override {
    return inhabited_.contains(cgroup.subject.slot) ? 1 : 0;
  }
  bool is_served(const source::cgroup::Cgroup& cgroup) const override {
    return unserved_.count(cgroup.subject.slot) == 0;
  }

 private:
  // A slot is not given away as long as its cgroup lingers.
  bool is_held(std::size_t slot) const {
    return std::ranges::any_of(departed_,
                               [&](const auto& cgroup) { return cgroup->subject.slot == slot; });
  }
  void put(Subject subject, Subject parent, std::uint64_t id, std::string path) {
    auto cgroup = std::make_unique<source::cgroup::Cgroup>();
    cgroup->subject = subject;
    cgroup->parent = parent;
    cgroup->path = std::move(path);
    cgroup->kernfs_id[kHierarchy] = id;
    if (subject.slot >= cgroups_.size()) {
      cgroups_.resize(subject.slot + 1);
      slots_.resize(subject.slot + 1);
    }
    slots_[subject.slot] = cgroup.get();
    cgroups_[subject.slot] = std::move(cgroup);
  }

  std::vector<std::unique_ptr<source::cgroup::Cgroup>> cgroups_;
  std::vector<const source::cgroup::Cgroup*> slots_;
  std::vector<Subject> born_, gone_;
  std::vector<std::unique_ptr<const source::cgroup::Cgroup>> departed_;
  std::unordered_set<std::uint32_t> unserved_, inhabited_;
  std::uint32_t generation_ = 0;
};

}  // namespace hostmeter::test
