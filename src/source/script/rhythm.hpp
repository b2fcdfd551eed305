// When a script is due.
#pragma once
#include <cstdint>
#include <string_view>

namespace hostmeter::source::script {

// Every interval, at a phase that its name alone decides: many scripts are spread, and keep their
// places when the agent is restarted. Times are monotonic, so that a suspended machine makes up for
// nothing. After some failures in a row a circuit breaker spaces the runs until one succeeds.
class Rhythm {
 public:
  static constexpr unsigned kFailures = 3;                     // in a row, and the breaker opens
  static constexpr std::uint64_t kMost = 8;                    // intervals from one run to the next
  static constexpr std::uint64_t kMostNs = 3'600'000'000'000;  // likewise, but an interval at least

  Rhythm(std::string_view name, std::uint64_t interval_ns);

  // The first run comes within so long from now, at a place that its name decides.
  void begin(std::uint64_t now_ns, std::uint64_t spread_ns);
  // The next run comes at that time, whatever came before; failures are forgotten.
  void begin_anew(std::uint64_t at_ns);

  std::uint64_t due_ns() const { return due_ns_; }
  bool is_due(std::uint64_t now_ns) const { return now_ns >= due_ns_; }

  // Goes on to the next time, from one that has come. Returns how many times passed meanwhile
  // beyond that one: those are lost.
  std::uint64_t go_on(std::uint64_t now_ns);

  // A run has ended.
  void succeeded() { failures_ = 0; }
  void failed(std::uint64_t now_ns);
  bool is_open() const { return failures_ >= kFailures; }
  unsigned failures() const { return failures_; }
  std::uint64_t spacing_ns() const;

 private:
  std::uint64_t place_after(std::uint64_t time_ns) const;

  std::uint64_t interval_ns_, hash_;
  std::uint64_t due_ns_ = 0;
  unsigned failures_ = 0;
};

}  // namespace hostmeter::source::script
