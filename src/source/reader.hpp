// What the sampler calls at every tick.
#pragma once
#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>

#include "hostmeter/base/result.hpp"
#include "hostmeter/flow/output.hpp"

namespace hostmeter::source {

struct Tick {
  std::uint64_t number = 1;       // the first tick is 1
  std::uint64_t realtime_ns = 0;  // the wall-clock moment the tick is for
  std::uint64_t monotonic_ns = 0;
  // The last tick was abandoned, or the pump asked for it: send also what is not due.
  bool resend = false;
};

// Where ticks are far apart, some of them are too long to wait, and what they cost matters less.
class LongTicks {
 public:
  static constexpr std::uint64_t kLongNs = 1'500'000'000;

  bool is_long_after_the_last(const Tick& tick) {
    return tick.monotonic_ns - std::exchange(last_ns_, tick.monotonic_ns) >= kLongNs;
  }

 private:
  std::uint64_t last_ns_ = 0;
};

// How a value group is read: the rungs of the ladder.
enum class Mode : std::uint8_t { off, file, bpf, walk };
constexpr std::string_view to_string(Mode mode) {
  constexpr std::string_view kNames[] = {"off", "file", "bpf", "walk"};
  return kNames[std::size_t(mode)];
}

// One subject of the host or of all cgroups. Lives on the sampler thread; must never block.
class Reader {
 public:
  virtual ~Reader() = default;
  virtual void read(const Tick&, Output&) = 0;
  virtual Mode mode() const { return Mode::file; }

  virtual std::uint64_t parse_errors() const { return parse_errors_; }
  virtual std::uint64_t read_errors() const { return read_errors_; }

 protected:
  // Counts a failure where it belongs. What is gone or was never there is no failure.
  void failed(const Error& error) {
    if (is_gone(error) || error.code == EOPNOTSUPP) return;
    if (error.code == EBADMSG || error.code == ERANGE || error.code == EFBIG)
      ++parse_errors_;
    else
      ++read_errors_;
  }

 private:
  std::uint64_t parse_errors_ = 0, read_errors_ = 0;
};

}  // namespace hostmeter::source
