#include "source/cgroup/lingering.hpp"

#include <utility>

namespace hostmeter::source::cgroup {

void Lingering::add(const Cgroup& cgroup, std::uint64_t now_ns) {
  forget(cgroup.path);
  if (linger_ns_ == 0 || limit_ == 0) {
    forgotten_.push_back(cgroup.subject);
    return;
  }
  if (by_path_.size() >= limit_) {
    ++cut_short_;
    forget(entries_.begin());
  }
  const auto entry = entries_.insert(entries_.end(), {cgroup, now_ns + linger_ns_, 0, now_ns});
  by_path_.emplace(entry->cgroup.path, entry);
  for (std::size_t h = 0; h < kMaxHierarchies; ++h)
    if (cgroup.kernfs_id[h] != 0) by_id_[h][cgroup.kernfs_id[h]] = entry;
}

Lingering::Entry* Lingering::find(std::string_view path) {
  const auto found = by_path_.find(path);
  return found == by_path_.end() ? nullptr : &*found->second;
}

const Cgroup* Lingering::by_kernfs_id(std::size_t hierarchy, std::uint64_t id) const {
  const auto found = by_id_[hierarchy].find(id);
  return found == by_id_[hierarchy].end() ? nullptr : &found->second->cgroup;
}

void Lingering::add_kernfs_id(Entry& entry, std::size_t hierarchy, std::uint64_t id) {
  entry.cgroup.kernfs_id[hierarchy] = id;
  by_id_[hierarchy][id] = by_path_.at(entry.cgroup.path);
}

void Lingering::forget(std::string_view path) {
  const auto found = by_path_.find(path);
  if (found != by_path_.end()) forget(found->second);
}

void Lingering::expire(std::uint64_t now_ns) {
  while (!entries_.empty() && entries_.front().until_ns <= now_ns) forget(entries_.begin());
}

std::vector<Subject> Lingering::take_forgotten() {
  return std::exchange(forgotten_, {});
}

void Lingering::forget(Entries::iterator entry) {
  const Cgroup& cgroup = entry->cgroup;
  forgotten_.push_back(cgroup.subject);
  by_path_.erase(cgroup.path);
  for (std::size_t h = 0; h < kMaxHierarchies; ++h) {
    const auto found = by_id_[h].find(cgroup.kernfs_id[h]);
    if (found != by_id_[h].end() && found->second == entry) by_id_[h].erase(found);
  }
  entries_.erase(entry);
}

}  // namespace hostmeter::source::cgroup
