#include "source/runtime/slow_question.hpp"

#include <algorithm>
#include <cerrno>
#include <utility>

namespace hostmeter::source::runtime {
namespace {

constexpr std::uint64_t kLeastWaitNs = 10'000'000, kMostWaitNs = 1'000'000'000;

}  // namespace

std::uint64_t SlowQuestion::next_look_ns(std::uint64_t now_ns) const {
  if (!asked_) return ask_ns_;
  return now_ns + std::clamp(now_ns - asked_ns_, kLeastWaitNs, kMostWaitNs);
}

void SlowQuestion::want(std::uint64_t at_ns) {
  if (asked_) {
    again_ns_ = std::min(again_ns_, at_ns);
    return;
  }
  wanted_ns_ = std::min(wanted_ns_, at_ns);
  ask_ns_ = std::min(ask_ns_, at_ns);
}

std::optional<Error> SlowQuestion::ask(Result<Asked> asked, std::uint64_t now_ns) {
  asked_ns_ = now_ns;
  again_ns_ = kNever;
  failed(now_ns);  // until it is answered
  if (!asked) return asked.error();
  asked_ = std::move(*asked);
  return {};
}

std::optional<Result<std::string>> SlowQuestion::answer(std::uint64_t now_ns,
                                                        std::uint64_t wait_ns) {
  if (!asked_) return {};
  const auto whole = asked_->wait(options_.longest, now_ns + wait_ns);
  const bool may_come = !whole && whole.error().code == ETIMEDOUT;
  if (may_come && now_ns - asked_ns_ < options_.patience_ns) return {};
  Asked asked = std::move(*asked_);
  asked_.reset();
  failed(now_ns);
  if (!whole) return whole.error();
  Answer answer = asked.take();
  status_ = answer.status;
  if (status_ != 200) return Error{ENOTSUP, "ask the engine"};
  return std::move(answer.body);
}

void SlowQuestion::taken(std::uint64_t now_ns) {
  const std::uint64_t next =
      options_.interval_ns == kNever ? kNever : now_ns + options_.interval_ns;
  wanted_ns_ = ask_ns_ = std::min(next, again_ns_);
}

}  // namespace hostmeter::source::runtime
