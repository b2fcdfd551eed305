#include "source/script/textfile_follower.hpp"

#include <algorithm>
#include <chrono>

namespace hostmeter::source::script {

void TextfileFollower::follow(Output& out, bool resend) {
  constexpr std::uint64_t kLongestWaitNs = 1'000'000'000;
  const std::uint64_t now = clock_.monotonic_ns();
  if (now < due_ns_ && !resend) {
    const std::chrono::nanoseconds wait(std::min(due_ns_ - now, kLongestWaitNs));
    std::unique_lock lock(mutex_);
    interrupted_.wait_for(lock, wait, [this] { return is_interrupted_; });
    return;
  }
  due_ns_ = now + interval_ns_;
  directories_.read(out);
}

std::vector<Remark> TextfileFollower::take_remarks() {
  std::vector<Remark> remarks;
  for (std::string& what : directories_.take_complaints())
    remarks.push_back({true, std::move(what)});
  return remarks;
}

void TextfileFollower::interrupt() {
  {
    const std::scoped_lock lock(mutex_);
    is_interrupted_ = true;
  }
  interrupted_.notify_all();
}

}  // namespace hostmeter::source::script
