#include "source/runtime/engine_figures.hpp"

#include <utility>

namespace hostmeter::source::runtime {
namespace {

constexpr std::uint64_t kRetryNs = 30'000'000'000;

}  // namespace

EngineFigures::EngineFigures(std::uint64_t interval_ns)
    : question_({.longest = kLongestInfo,
                 .interval_ns = interval_ns == 0 ? SlowQuestion::kNever : interval_ns,
                 .retry_ns = kRetryNs,
                 .patience_ns = kPatienceNs}) {}

std::optional<Error> EngineFigures::begin(EngineClient& client, const Clock& clock) {
  question_.want(clock.monotonic_ns());
  auto info = client.info();
  const std::uint64_t now_ns = clock.monotonic_ns();
  if (!info) {
    question_.failed(now_ns);
    return info.error();
  }
  info_ = std::move(*info);
  images_changed_ = false;
  question_.taken(now_ns);
  return {};
}

void EngineFigures::images_change(std::uint64_t settled_ns) {
  images_changed_ = true;
  question_.want(settled_ns);
}

Result<bool> EngineFigures::follow(EngineClient& client, std::uint64_t now_ns) {
  std::optional<Error> failure;
  if (question_.is_due(now_ns)) failure = question_.ask(client.ask_info(), now_ns);
  const auto body = question_.answer(now_ns);
  if (body) {
    auto info = *body ? parse_info(**body) : Result<EngineInfo>(body->error());
    if (info) {
      info_ = std::move(*info);
      images_changed_ = question_.is_wanted_again();
      question_.taken(now_ns);
      return true;
    }
    failure = info.error();
  }
  if (failure) question_.failed(now_ns);
  const bool is_another = forget_stale(now_ns);
  if (failure) return *failure;
  return is_another;
}

void EngineFigures::lose() {
  question_.drop();
  forget_own();
}

bool EngineFigures::forget_stale(std::uint64_t now_ns) {
  if (!question_.is_stale(now_ns)) return false;
  const bool had_images = images_changed_ && info_.images;
  if (had_images) info_.images.reset();
  return forget_own() || had_images;
}

// They were of then.
bool EngineFigures::forget_own() {
  const bool had = info_.open_files || info_.goroutines || info_.event_listeners;
  info_.open_files = info_.goroutines = info_.event_listeners = std::nullopt;
  return had;
}

}  // namespace hostmeter::source::runtime
