// What was last seen of each cgroup's CPU time, and of its tasks, for readers that need not look at
// idle ones.
#pragma once
#include <cstdint>
#include <optional>
#include <vector>

#include "hostmeter/flow/record.hpp"

namespace hostmeter::source::cgroup {

class Activity {
 public:
  void set(Subject subject, std::optional<std::uint64_t> usage_ns) {
    if (subject.slot >= seen_.size()) seen_.resize(subject.slot + std::size_t{1});
    seen_[subject.slot] = usage_ns;
  }
  // Nothing when nobody reads CPU time: then every cgroup may be busy.
  std::optional<std::uint64_t> usage_ns(Subject subject) const {
    if (subject.slot >= seen_.size()) return {};
    return seen_[subject.slot];
  }

  // How many tasks are in it, where that is seen at every tick.
  void set_tasks(Subject subject, std::optional<std::uint64_t> tasks) {
    if (subject.slot >= tasks_.size()) tasks_.resize(subject.slot + std::size_t{1});
    tasks_[subject.slot] = {subject, tasks};
  }
  std::optional<std::uint64_t> tasks(Subject subject) const {
    if (subject.slot >= tasks_.size() || tasks_[subject.slot].subject != subject) return {};
    return tasks_[subject.slot].count;
  }

 private:
  struct Tasks {
    Subject subject;
    std::optional<std::uint64_t> count;
  };
  std::vector<std::optional<std::uint64_t>> seen_;  // by slot
  std::vector<Tasks> tasks_;                        // likewise
};

// What a cgroup's CPU time was when a file of it was looked at last. Tasks cannot start, end or
// read and write without using some; what others do to it (a task moved in, pages written back)
// shows at the next look, every few ticks.
class LastLook {
 public:
  // Whether the cgroup did something since, or a look is due. Says so once.
  bool take_turn(bool due, std::optional<std::uint64_t> usage_ns) {
    const bool moved = !usage_ns || usage_ns != usage_ns_;
    busy_ = !usage_ns || (moved && looked_);
    if (!moved && !due) return false;
    usage_ns_ = usage_ns;
    looked_ = true;
    return true;
  }
  // It did something between the last two looks: worth a descriptor.
  bool busy() const { return busy_; }

 private:
  std::optional<std::uint64_t> usage_ns_;
  bool looked_ = false, busy_ = false;
};

}  // namespace hostmeter::source::cgroup
