// The sampler: calls every reader at every tick.
#pragma once
#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/channel.hpp"
#include "app/open_files.hpp"
#include "hostmeter/flow/instances.hpp"
#include "source/reader.hpp"

namespace hostmeter::app {

// A reader under its name; without one when it is switched off.
struct NamedReader {
  std::string name;
  std::unique_ptr<source::Reader> reader;
};

// How a reader reads now, and what it could not.
struct ReaderState {
  std::string_view name;
  source::Mode mode = source::Mode::off;
  std::uint64_t parse_errors = 0, read_errors = 0;
  std::uint64_t busy_ns = 0;  // CPU time in all ticks
};

class Sampler {
 public:
  // What readers cost changes in each tick. To tell that of all of them in each would cost more
  // than some of them do: each is told of in one tick of so many, where ticks are not far apart.
  static constexpr unsigned kCostTurns = 5;

  // Readers are called in this order. ids: this thread's, shared with its readers. before_tick is
  // called before each tick's reading.
  Sampler(std::vector<NamedReader> readers, RingOutput& out, InstanceIds& ids, const Clock& clock,
          std::uint64_t interval_ns, std::function<void()> before_tick,
          unsigned cost_turns = kCostTurns);

  // Ticks on the wall clock's multiples of the interval until stop is set and the bell rung. A
  // tick that comes too late is skipped and counted, never made up.
  void run(const Doorbell& bell, const std::atomic<bool>& stop);

  // One tick. True when it was whole.
  bool tick(std::uint64_t realtime_ns);

  // Of each reader, in the order they are called.
  std::vector<ReaderState> reader_states() const;

 private:
  // What is told of a reader in the very tick in which it changes.
  struct Told {
    source::Mode mode = source::Mode::off;
    std::uint64_t parse_errors = 0, read_errors = 0;
    friend bool operator==(const Told&, const Told&) = default;
  };
  bool is_turn(std::size_t index) const { return (tick_.number + index) % cost_turns_ == 0; }

  void send_reader(std::size_t index);
  void send_agent();

  std::vector<NamedReader> readers_;
  std::vector<Instance> instances_;        // by reader
  std::vector<std::uint64_t> busy_ns_;     // by reader
  std::vector<std::optional<Told>> told_;  // by reader
  std::optional<std::uint64_t> resident_bytes_;
  RingOutput& out_;
  InstanceIds& ids_;
  const Clock& clock_;
  const std::uint64_t interval_ns_;
  const unsigned cost_turns_;
  const std::optional<std::uint64_t> start_time_ns_;
  const std::function<void()> before_tick_;
  OpenFiles open_files_{"/proc/self/fd"};
  Instance build_ = 0;
  source::Tick tick_{.number = 0};
  std::uint64_t complete_ = 0, skipped_ = 0, abandoned_ = 0;
};

}  // namespace hostmeter::app
