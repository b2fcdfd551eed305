// What crosses a ring at every tick: facts about Subjects, 64 bytes each.
#pragma once
#include <cstdint>

#include "hostmeter/flow/group.hpp"

namespace hostmeter {

// Who a fact is about: the host (slot 0) or one incarnation of one cgroup path. A cgroup that is
// removed and made again under the same path is a new Subject.
struct Subject {
  std::uint32_t slot = 0;
  std::uint32_t generation = 0;
  friend bool operator==(const Subject&, const Subject&) = default;
};
inline constexpr Subject kHost{};

// A device, interface, CPU, mount … of a Subject, named by a NamedInstance before its first
// Record. 0: the group has no instances.
using Instance = std::uint32_t;

inline constexpr unsigned kValuesPerRecord = 6;

// A bit of Record::present: these are the last figures of a Subject that is gone. They stay as long
// as it lingers, gauges too, and what they leave out is not taken back.
inline constexpr std::uint8_t kFinalFigures = 0x80;

// Values are in ns, bytes or counts, or bit-cast doubles where the group's fields say so. A value
// whose bit in present is 0 is absent, never 0.
struct alignas(64) Record {
  Subject subject{};
  Group group{};
  std::uint8_t part = 0;     // a group of more than 6 fields needs several Records
  std::uint8_t present = 0;  // bit i: value[i] is there
  Instance instance = 0;
  std::uint64_t value[kValuesPerRecord] = {};
};
static_assert(sizeof(Record) == 64);  // one cache line

}  // namespace hostmeter
