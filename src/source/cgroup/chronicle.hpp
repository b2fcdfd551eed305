// What the kernel itself tells of cgroups made and removed.
#pragma once
#include <cstdint>
#include <span>
#include <string>

namespace hostmeter::source::cgroup {

// One directory in one hierarchy (numbers of Hierarchies). Times are on the monotonic clock.
struct Made {
  std::size_t hierarchy = 0;
  std::uint64_t id = 0, parent = 0;  // kernfs ids
  std::uint64_t at_ns = 0;
};
struct Removed {
  std::size_t hierarchy = 0;
  std::uint64_t id = 0, parent = 0;
  std::string path;
  std::uint64_t made_ns = 0;  // 0: before anybody told
  std::uint64_t at_ns = 0;
};

class Chronicle {
 public:
  virtual ~Chronicle() = default;

  // Takes in what happened since the last call.
  virtual void take() = 0;

  // What the last call took in, in the order it happened. Some may be missing.
  virtual std::span<const Made> made() const = 0;
  virtual std::size_t removals() const = 0;
  virtual const Removed& removed(std::size_t index) const = 0;
};

}  // namespace hostmeter::source::cgroup
