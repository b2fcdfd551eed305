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

  // Waits for an answer, as a connection begins.
  std::optional<Error> begin(EngineClient&, const Clock&);
  void images_change(std::uint64_t settled_ns);
  // Never waits. True: info() is another; an error is about this question alone.
  Result<bool> follow(EngineClient&, std::uint64_t now_ns);
  // The engine is lost.
  void lose();
  std::uint64_t next_look_ns(std::uint64_t now_ns) const { return question_.next_look_ns(now_ns); }

  const EngineInfo& info() const { return info_; }

 private:
  bool forget_stale(std::uint64_t now_ns);
  bool forget_own();  // whether there was any

  SlowQuestion question_;
  EngineInfo info_;
  bool images_changed_ = false;  // since info_
};

}  // namespace hostmeter::source::runtime
