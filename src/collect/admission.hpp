// Who gets series of its own: boundedly many, and each for life.
#pragma once
#include <array>
#include <cstdint>
#include <vector>

#include "collect/bindings.hpp"
#include "hostmeter/flow/identity.hpp"
#include "hostmeter/flow/instances.hpp"

namespace hostmeter::collect {

// What becomes of a cgroup when there is no room: a container is added up with others. Anything
// else is hidden, for what it uses is also that of those in it, and would be counted twice.
class Admission {
 public:
  enum class Verdict : std::uint8_t { shown, summed, hidden, excluded };

  explicit Admission(std::size_t max_containers) : max_containers_(max_containers) {}

  // has_room: whether the limit on series allows another cgroup.
  Verdict born(Subject subject, const Identity& identity, bool has_room);
  Verdict of(Subject subject) const {
    if (subject.slot >= by_slot_.size()) return Verdict::shown;
    const Entry& entry = by_slot_[subject.slot];
    return entry.generation == subject.generation ? entry.verdict : Verdict::shown;
  }
  void forget(Subject subject);

  // One that is shown, and is not to be any more, gives its place to others.
  void exclude(Subject subject);
  // It is to be shown again, if there is room by now.
  Verdict include(Subject subject, bool has_room);

  // Before a tick is published. summed: who is alive of those.
  void report(Bindings& out, InstanceIds& ids, std::size_t summed, std::uint64_t refused);

 private:
  static constexpr std::size_t kRuntimes = std::size_t(Runtime::systemd) + 1;
  struct Entry {
    std::uint32_t generation = 0;
    Verdict verdict = Verdict::shown;
    bool is_container = false, is_here = false;
  };

  Verdict admit(Entry& entry, bool has_room);

  const std::size_t max_containers_;
  std::vector<Entry> by_slot_;
  std::size_t shown_ = 0, hidden_ = 0;
  std::uint64_t ever_summed_ = 0;
  std::array<std::uint64_t, kRuntimes> seen_{};
  std::array<Instance, kRuntimes> runtimes_{};
};

}  // namespace hostmeter::collect
