#include "source/script/rhythm.hpp"

#include <algorithm>

namespace hostmeter::source::script {
namespace {

// FNV-1a with a last mix, so that names that differ in their last letter are far apart: the same
// in every build, unlike std::hash.
std::uint64_t hash_of(std::string_view name) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  hash = (hash ^ hash >> 33) * 0xff51afd7ed558ccd;
  hash = (hash ^ hash >> 33) * 0xc4ceb9fe1a85ec53;
  return hash ^ hash >> 33;
}

}  // namespace

Rhythm::Rhythm(std::string_view name, std::uint64_t interval_ns)
    : interval_ns_(std::max<std::uint64_t>(interval_ns, 1)), hash_(hash_of(name)) {}

void Rhythm::begin(std::uint64_t now_ns, std::uint64_t spread_ns) {
  begin_anew(now_ns + hash_ % std::max<std::uint64_t>(std::min(spread_ns, interval_ns_), 1));
}

void Rhythm::begin_anew(std::uint64_t at_ns) {
  due_ns_ = at_ns;
  failures_ = 0;
}

std::uint64_t Rhythm::go_on(std::uint64_t now_ns) {
  const std::uint64_t lost = now_ns <= due_ns_ ? 0 : (now_ns - due_ns_) / interval_ns_;
  // The one after a first run, which is out of place, is not to follow at once.
  const bool is_in_place = due_ns_ % interval_ns_ == hash_ % interval_ns_;
  due_ns_ = place_after(is_in_place ? now_ns : now_ns + interval_ns_ / 2);
  return lost;
}

void Rhythm::failed(std::uint64_t now_ns) {
  if (failures_ < 1'000) ++failures_;
  if (is_open()) due_ns_ = std::max(due_ns_, place_after(now_ns + spacing_ns() - interval_ns_));
}

std::uint64_t Rhythm::spacing_ns() const {
  if (!is_open()) return interval_ns_;
  const std::uint64_t times =
      std::min<std::uint64_t>(std::uint64_t{2} << std::min(failures_ - kFailures, 8U), kMost);
  return std::max(std::min(interval_ns_ * times, kMostNs), interval_ns_);
}

std::uint64_t Rhythm::place_after(std::uint64_t time_ns) const {
  const std::uint64_t phase = hash_ % interval_ns_;
  if (time_ns < phase) return phase;
  return phase + ((time_ns - phase) / interval_ns_ + 1) * interval_ns_;
}

}  // namespace hostmeter::source::script
