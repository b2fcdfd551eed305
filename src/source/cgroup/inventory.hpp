// Who is there: every live cgroup and the Subject it is known by.
#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "hostmeter/flow/identity.hpp"
#include "hostmeter/flow/record.hpp"

namespace hostmeter::source::cgroup {

// v1: at most one hierarchy for each controller we read, and the v2 tree beside them.
inline constexpr std::size_t kMaxHierarchies = 8;

struct Cgroup {
  Subject subject;
  Subject parent;  // kHost for a top-level cgroup
  std::string path;
  Identity identity;
  // Inode of its directory in each hierarchy (numbers of Hierarchies); 0: not there. It is the
  // kernel's cgroup id in that hierarchy.
  std::uint64_t kernfs_id[kMaxHierarchies] = {};
  // Until this tick it is young: made, or come to one more hierarchy, a moment ago. Its runtime may
  // not have written its limits yet.
  std::uint64_t young_until = 0;
};

// What the cgroup tree tells the other readers. Changes only while the tree itself is updated, at
// the beginning of a tick.
class Inventory {
 public:
  virtual ~Inventory() = default;

  virtual std::uint64_t tick() const = 0;  // of its last update
  // By slot; a null pointer where no live cgroup has that slot. Slot 0 is the root cgroup.
  virtual std::span<const Cgroup* const> slots() const = 0;
  const Cgroup* find(Subject subject) const {
    const auto all = slots();
    const Cgroup* cgroup = subject.slot < all.size() ? all[subject.slot] : nullptr;
    return cgroup && cgroup->subject == subject ? cgroup : nullptr;
  }
  // kHost's slot 0 with generation ~0 never exists: nullptr when the id is not known.
  virtual const Cgroup* by_kernfs_id(std::size_t hierarchy, std::uint64_t id) const = 0;

  // Those that came and went in this tick's update.
  virtual std::span<const Subject> born() const = 0;
  virtual std::span<const Subject> gone() const = 0;
  // In it some cgroup came to a hierarchy or left one, be it new, gone or neither.
  virtual bool is_rearranged() const { return false; }

  // Those of gone() as they were, with their kernfs ids, and those that came and went since the
  // last tick: children before their parents, in no other order.
  virtual std::span<const std::unique_ptr<const Cgroup>> departed() const { return {}; }

  // Some process in the cgroup or in one below it; 0 when it is empty.
  virtual int first_pid(const Cgroup&) const = 0;

  // Whether the cgroup's figures are served (not the nested ones, by default).
  virtual bool is_served(const Cgroup&) const = 0;
};

}  // namespace hostmeter::source::cgroup
