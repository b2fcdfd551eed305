// The services of a swarm that an engine manages, asked for once in a while.
#pragma once
#include <cstdint>
#include <optional>
#include <vector>

#include "hostmeter/flow/facts/engine.hpp"
#include "hostmeter/flow/instances.hpp"
#include "source/runtime/engine_client.hpp"
#include "source/runtime/engine_services.hpp"
#include "source/runtime/slow_question.hpp"

namespace hostmeter::source::runtime {

class EngineSwarm {
 public:
  // How long what was told stands when a newer answer does not come.
  static constexpr std::uint64_t kPatienceNs = 60'000'000'000;

  // interval_ns 0: they are never asked for.
  EngineSwarm(Runtime runtime, std::uint64_t interval_ns, InstanceIds& ids)
      : runtime_(runtime),
        interval_ns_(interval_ns),
        services_(ids, kHost),
        question_({.longest = kLongestServices,
                   .interval_ns = interval_ns,
                   .retry_ns = interval_ns,
                   .patience_ns = kPatienceNs}) {}

  void begin(std::uint64_t now_ns) {
    if (interval_ns_ != 0) question_.want(now_ns);
  }
  std::uint64_t next_look_ns(std::uint64_t now_ns) const { return question_.next_look_ns(now_ns); }
  // Never waits. No error is success, or that it is not time.
  std::optional<Error> follow(Output&, EngineClient&, std::uint64_t now_ns);
  // Whatever the connection is: what is too old goes.
  void pass_time(Output&, std::uint64_t now_ns);
  void resend(Output&) const;
  // The engine is lost.
  void lose(Output& out) {
    question_.drop();
    show(out, {});
  }
  std::uint64_t left_out() const { return left_out_; }

 private:
  struct Shown {
    Instance instance;
    Facts<SwarmService> facts;
  };

  std::optional<Error> ask_when_due(Output&, EngineClient&, std::uint64_t now_ns);
  std::optional<Error> take(Output&, EngineClient&, std::string_view body, std::uint64_t now_ns);
  bool manages_none(const Error&) const;
  void show(Output&, const std::vector<SwarmServiceState>& services);

  const Runtime runtime_;
  const std::uint64_t interval_ns_;
  InstanceSet services_;
  std::vector<Shown> shown_;
  SlowQuestion question_;
  SwarmServices told_;  // whose tasks are asked for
  bool asks_for_tasks_ = false;
  std::uint64_t left_out_ = 0;
};

}  // namespace hostmeter::source::runtime
