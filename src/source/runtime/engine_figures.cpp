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
  const std::uint64_t now_ns = clock.monotonic_ns();
  question_.want(now_ns);
  if (auto failure = question_.ask(client.ask_info(), now_ns)) return failure;
  const auto taken = take(now_ns, kShortWaitNs);
  if (!taken) return taken.error();
  return {};
}

void EngineFigures::images_change(std::uint64_t settled_ns) {
  images_changed_ = true;
  question_.want(settled_ns);
}

Result<bool> EngineFigures::follow(EngineClient& client, std::uint64_t now_ns) {
  if (question_.is_due(now_ns))
    if (const auto failure = question_.ask(client.ask_info(), now_ns)) return *failure;
  return take(now_ns, 0);
}

Result<bool> EngineFigures::take(std::uint64_t now_ns, std::uint64_t wait_ns) {
  const auto body = question_.answer(now_ns, wait_ns);
  if (!body) return false;
  if (!*body) return body->error();
  auto info = parse_info(**body);
  if (!info) return info.error();
  info_ = std::move(*info);
  images_changed_ = question_.is_wanted_again();
  question_.taken(now_ns);
  return true;
}

void EngineFigures::lose(std::uint64_t now_ns) {
  question_.drop();
  images_change(now_ns);  // unheard
  forget_own();
}

bool EngineFigures::pass_time(std::uint64_t now_ns) {
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
