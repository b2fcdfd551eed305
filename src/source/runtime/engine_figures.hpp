// What an engine says of itself, asked for when it connects, when it says that its images changed,
// and once in a while.
#pragma once
#include <cstdint>
#include <optional>

#include "source/runtime/engine_client.hpp"
#include "source/runtime/slow_question.hpp"

namespace hostmeter::source::runtime {

class EngineFigures {
 public:
  // How long what was told stands when a newer answer does not come.
  static constexpr std::uint64_t kPatienceNs = 60'000'000'000;

  // interval_ns 0: only when something has changed.
  explicit EngineFigures(std::uint64_t interval_ns);

  // How long a connection that begins waits for what the cgroups of its containers are called by.
  static constexpr std::uint64_t kShortWaitNs = 300'000'000;

  // As a connection begins. No error: it is answered, or may yet be.
  std::optional<Error> begin(EngineClient&, const Clock&);
  void images_change(std::uint64_t settled_ns);
  // Never waits. True: info() is another; an error is about this question alone.
  Result<bool> follow(EngineClient&, std::uint64_t now_ns);
  // Whatever the connection is: what is too old goes. True: info() is another.
  bool pass_time(std::uint64_t now_ns);
  // The engine is lost, and with it who tells of changes.
  void lose(std::uint64_t now_ns);
  std::uint64_t next_look_ns(std::uint64_t now_ns) const { return question_.next_look_ns(now_ns); }

  const EngineInfo& info() const { return info_; }

 private:
  Result<bool> take(std::uint64_t now_ns, std::uint64_t wait_ns);
  bool forget_own();  // whether there was any

  SlowQuestion question_;
  EngineInfo info_;
  bool images_changed_ = false;  // since info_
};

}  // namespace hostmeter::source::runtime
