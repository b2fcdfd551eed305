// How much is said: a few remarks at once, then one now and then.
#pragma once
#include <cstdint>
#include <optional>
#include <vector>

#include "source/follower.hpp"

namespace hostmeter::source::script {

// What is beyond is held back. The last of it is said when there is room, with the number of those
// before it: how things stand is said late, but said.
class RemarkPace {
 public:
  RemarkPace(unsigned at_once, std::uint64_t every_ns) : at_once_(at_once), every_ns_(every_ns) {}

  // What may be said now, monotonic, of these and of what was held back.
  std::vector<Remark> pass(std::vector<Remark> remarks, std::uint64_t now_ns);

 private:
  bool has_room(std::uint64_t now_ns);
  Remark with_count(Remark remark, std::uint64_t held) const;

  unsigned at_once_;
  std::uint64_t every_ns_;
  std::uint64_t used_ = 0, from_ns_ = 0;  // of what may be said at once, as of that time
  std::uint64_t held_ = 0;
  std::optional<Remark> last_held_{};
};

}  // namespace hostmeter::source::script
