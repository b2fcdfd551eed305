// What a walk over one hierarchy's cgroups found, whoever walked.
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "hostmeter/base/result.hpp"
#include "hostmeter/wire/walk.h"
#include "hostmeter/wire/walk_setup.h"

namespace hostmeter::source::bpf {

// The ways to walk, best first.
enum class Rung : std::uint8_t {
  css_iterator,     // 6.7: one call, which follows the tree in the kernel
  cgroup_iterator,  // 6.1: one call for each cgroup
  stepper,          // 5.10: an element of a map for each cgroup
};
constexpr std::string_view to_string(Rung rung) {
  constexpr std::string_view kNames[] = {"css_iterator", "cgroup_iterator", "stepper"};
  return kNames[std::size_t(rung)];
}

// What makes the kernel sum up what its CPUs have counted apart, before a walk.
enum class Flush : std::uint8_t {
  none,  // nothing is counted apart
  programs,
  files,
  programs_and_files,
};
constexpr std::string_view to_string(Flush flush) {
  constexpr std::string_view kNames[] = {"", "programs", "files", "programs and files"};
  return kNames[std::size_t(flush)];
}

// How a walk is made.
struct WalkWay {
  Rung rung = Rung::css_iterator;
  Flush flush = Flush::none;
  std::optional<Error> refused{};  // why not on a better one that the kernel has
};

struct WalkRows {
  // A cgroup after the one above it, the root first; siblings by age. What is being removed is not
  // among them.
  std::span<const wire_walk_cgroup> cgroups;
  std::uint64_t unseen = 0;  // cgroups that there was no room for
  // The places of those with other values than the walk() before told; no others changed, unless
  // someone came, went or moved, or that cannot be said.
  std::span<const std::uint64_t> changed;
  bool is_rearranged = true;
};

// CPU usage, memory usage and the number of tasks are looked at in every walk of all, in v1 also
// page faults, and periods of a quota where cpuacct is elsewhere. A cgroup of which they stand
// still is looked at whole when it has its turn, in one walk of kTurns. What moves though nothing
// runs, v2's pressure and frozen, is looked at in its short turns, in one walk of kShortTurns.
inline constexpr unsigned kTurns = WIRE_WALK_TURNS, kShortTurns = WIRE_WALK_SHORT_TURNS,
                          kTurnOfAll = WIRE_WALK_ALL, kShortTurnOfAll = WIRE_WALK_ALL_SHORT;

inline constexpr std::uint32_t kRan = WIRE_WALK_RAN;

// What a walk is to look at.
struct Look {
  std::uint64_t wanted;        // bits of enum wire_walk_field; others may be missing
  unsigned turn = kTurnOfAll;  // or kShortTurnOfAll, or below kTurns
  // Places of the walk before, to which it keeps while no cgroup came or went since, if it can;
  // null: all. Those with kRan have run.
  const std::vector<std::uint32_t>* only = nullptr;
};

// One hierarchy. Fields that the kernel does not have, or of which the walk cannot say how fresh
// they are, are in no row.
class WalkTable {
 public:
  virtual ~WalkTable() = default;

  // Flushes what the kernel has not summed up yet, and walks. Valid until the next call.
  virtual Result<WalkRows> walk(const Look&) = 0;

  virtual const WalkWay& way() const = 0;
};

}  // namespace hostmeter::source::bpf
