// Who is gone and still remembered.
#pragma once
#include <cstdint>
#include <list>
#include <memory>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "source/cgroup/inventory.hpp"

namespace hostmeter::source::cgroup {

// Cgroups whose final figures are still served, at most one for a path. Each keeps its slot until
// it is forgotten: when its time is over, when there are too many, or when its path is taken again.
class Lingering {
 public:
  struct Entry {
    Cgroup cgroup;  // as it was
    std::uint64_t until_ns = 0;
    // Within these bounds it was there; who knows more narrows them.
    std::uint64_t began_ns = 0, ended_ns = 0;
  };

  Lingering(std::uint64_t linger_ns, std::size_t limit) : linger_ns_(linger_ns), limit_(limit) {}

  // now_ns: on the monotonic clock. What it had to make room for is among the forgotten.
  void add(const Cgroup& cgroup, std::uint64_t now_ns);

  // nullptr: not known. Valid until the next change.
  Entry* find(std::string_view path);
  const Cgroup* by_kernfs_id(std::size_t hierarchy, std::uint64_t id) const;

  // It had one more directory, whose end was told later.
  void add_kernfs_id(Entry& entry, std::size_t hierarchy, std::uint64_t id);

  void forget(std::string_view path);
  void expire(std::uint64_t now_ns);

  // Forgotten since the last call of take_forgotten(), in order.
  std::vector<Subject> take_forgotten();

  std::size_t size() const { return by_path_.size(); }
  std::uint64_t cut_short() const { return cut_short_; }  // before their time, for want of room

 private:
  using Entries = std::list<Entry>;
  void forget(Entries::iterator entry);

  const std::uint64_t linger_ns_;
  const std::size_t limit_;
  Entries entries_;                                                  // the oldest first
  std::unordered_map<std::string_view, Entries::iterator> by_path_;  // keys live in the entries
  std::unordered_map<std::uint64_t, Entries::iterator> by_id_[kMaxHierarchies];
  std::vector<Subject> forgotten_;
  std::uint64_t cut_short_ = 0;
};

}  // namespace hostmeter::source::cgroup
