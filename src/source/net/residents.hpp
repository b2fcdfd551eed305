#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "source/cgroup/activity.hpp"
#include "source/cgroup/inventory.hpp"
#include "source/host.hpp"
#include "source/net/netns.hpp"

namespace hostmeter::source::net {

// A container, and the netns it lives in.
struct Resident {
  Subject subject;          // kHost: nobody has this slot
  std::uint64_t order = 0;  // the lower the older
  std::uint64_t since = 0;  // the round in which it was first seen
  std::uint64_t moved = 0;  // the last round in which it was found elsewhere than before
  int pid = 0;
  NetnsInode netns = 0;  // 0: not known, as when it has no process
  // What its cgroup had used, and how many tasks it had, before that was asked.
  std::optional<std::uint64_t> usage_ns{}, tasks{};
};

// Where every served container lives. Asked again at every tick while a container is young (a
// runtime starts it in the host's netns and moves it), later now and then, and the less often the
// longer it stays where it is. Nobody leaves a netns or ends without using CPU time, and nobody is
// put into a cgroup or taken out of it without its number of tasks: while both stand still so does
// the answer. What that cannot see is tasks exchanged for as many others that do not run either;
// it is found when one of them runs, or at the latest after kIdle rounds.
class Residents {
 public:
  static constexpr std::uint64_t kYoung = 5, kCheck = 30, kSettled = 120, kIdle = 1920;  // rounds

  // activity: null, nothing is known of it.
  Residents(Host& host, const cgroup::Inventory& inventory,
            const cgroup::Activity* activity = nullptr)
      : host_(host), inventory_(inventory), activity_(activity) {}

  // round: 1, 2, 3 … True: someone came, went or moved.
  bool update(std::uint64_t round);

  // An Error of the last update, if there was one but that a process had gone.
  const Error& error() const { return error_; }

  // The last process that was asked about does not show us where it lives, for want of a right.
  bool refused() const { return refused_; }

  // By slot.
  std::span<const Resident> slots() const { return slots_; }
  const Resident& at(std::size_t slot) const { return slots_[slot]; }
  // 0: not known, then nobody's netns is.
  NetnsInode host_netns() const { return host_netns_; }

  // Asks for this one again in the next round.
  void doubt(std::size_t slot) { doubted_[slot] = any_doubted_ = true; }

 private:
  // Slots to go through: the first, and each so many after it.
  struct Turn {
    std::size_t first, step;
  };
  Turn whose_turn(std::uint64_t round);
  bool is_due(const Resident&, std::size_t slot, std::uint64_t round) const;
  bool is_idle(const Resident&) const;
  bool locate(const cgroup::Cgroup& cgroup, Resident& resident);

  Host& host_;
  const cgroup::Inventory& inventory_;
  const cgroup::Activity* const activity_;
  std::vector<Resident> slots_;
  std::vector<bool> doubted_;
  bool any_doubted_ = false;
  std::uint64_t young_until_ = 0;  // the round
  std::uint64_t tick_ = ~0ULL;     // of the inventory, in the last update
  NetnsInode host_netns_ = 0;
  Error error_{};
  bool refused_ = false;
};

}  // namespace hostmeter::source::net
