#include "source/script/remark_pace.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace hostmeter::source::script {

std::vector<Remark> RemarkPace::pass(std::vector<Remark> remarks, std::uint64_t now_ns) {
  std::vector<Remark> said;
  for (Remark& remark : remarks) {
    if (has_room(now_ns)) {
      said.push_back(with_count(std::move(remark), std::exchange(held_, 0)));
      last_held_.reset();
    } else {
      ++held_;
      last_held_ = std::move(remark);
    }
  }
  if (last_held_ && has_room(now_ns)) {
    said.push_back(with_count(std::move(*last_held_), std::exchange(held_, 0) - 1));
    last_held_.reset();
  }
  return said;
}

bool RemarkPace::has_room(std::uint64_t now_ns) {
  const std::uint64_t over = (now_ns - from_ns_) / every_ns_;
  used_ -= std::min(used_, over);
  from_ns_ = used_ == 0 ? now_ns : from_ns_ + over * every_ns_;
  if (used_ >= at_once_) return false;
  ++used_;
  return true;
}

Remark RemarkPace::with_count(Remark remark, std::uint64_t held) const {
  if (held > 0)
    remark.what += " (held back before it, for there was too much to say: " + std::to_string(held) +
                   (held == 1 ? " remark)" : " remarks)");
  return remark;
}

}  // namespace hostmeter::source::script
