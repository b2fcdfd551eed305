// Capabilities: kept permitted, raised only around the call that needs them.
#pragma once
#include <linux/capability.h>

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string_view>

#include "hostmeter/base/result.hpp"

namespace hostmeter::base {

// All of this is about the calling thread alone: a thread started later begins with what the one
// that starts it has. None of them allocates, but what
// takes a name.

// A set of CAP_… numbers.
class CapabilitySet {
 public:
  constexpr CapabilitySet() = default;
  constexpr CapabilitySet(std::initializer_list<int> capabilities) {
    for (const int capability : capabilities) bits_ |= std::uint64_t{1} << capability;
  }
  static constexpr CapabilitySet from_bits(std::uint64_t bits) {
    CapabilitySet set;
    set.bits_ = bits;
    return set;
  }
  constexpr std::uint64_t bits() const { return bits_; }
  constexpr bool has(CapabilitySet all) const { return (bits_ & all.bits_) == all.bits_; }
  friend constexpr CapabilitySet operator|(CapabilitySet one, CapabilitySet other) {
    return from_bits(one.bits_ | other.bits_);
  }
  friend constexpr bool operator==(CapabilitySet, CapabilitySet) = default;

 private:
  std::uint64_t bits_ = 0;
};

struct Capabilities {
  CapabilitySet effective, permitted, inheritable;
};
Result<Capabilities> capabilities();

// What stands for wanted among the permitted ones. CAP_BPF, CAP_PERFMON (both 5.8) and
// CAP_CHECKPOINT_RESTORE (5.9) were parted from CAP_SYS_ADMIN, which still includes them: it is
// taken for those that are not permitted or that the kernel does not know. Nothing: not permitted.
std::optional<CapabilitySet> substitute(CapabilitySet wanted, CapabilitySet permitted);

// The number of the capability called "CAP_…"; nothing: there is none.
std::optional<int> capability_called(std::string_view name);

// Whether the thread may raise all of these.
bool may(CapabilitySet wanted);

// Nothing effective, all that is permitted stays so. No error is success.
std::optional<Error> lower_all();

// Gives up for good all but these, also for what is executed later.
std::optional<Error> lock(CapabilitySet keep = {});

// Raises capabilities for as long as it lives, those of them that are permitted.
class Raised {
 public:
  explicit Raised(CapabilitySet wanted);
  ~Raised();
  Raised(const Raised&) = delete;
  Raised& operator=(const Raised&) = delete;

  // Whether every one that was wanted is effective now.
  explicit operator bool() const { return complete_; }

 private:
  bool changed_ = false, complete_ = false;
  Capabilities before_;
};

}  // namespace hostmeter::base
