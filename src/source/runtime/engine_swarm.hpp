// The services of a swarm that an engine manages, asked for once in a while.
#pragma once
#include <cstdint>
#include <optional>
#include <vector>

#include "hostmeter/flow/facts/engine.hpp"
#include "hostmeter/flow/instances.hpp"
#include "source/runtime/engine_client.hpp"

namespace hostmeter::source::runtime {

class EngineSwarm {
 public:
  // interval_ns 0: they are never asked for.
  EngineSwarm(Runtime runtime, std::uint64_t interval_ns, InstanceIds& ids)
      : runtime_(runtime), interval_ns_(interval_ns), services_(ids, kHost) {}

  void begin(std::uint64_t now_ns) { due_ns_ = now_ns; }
  // No error is success, or that it is not time. What there was is taken back with an error.
  std::optional<Error> follow(Output&, EngineClient&, std::uint64_t now_ns);
  void resend(Output&) const;
  // The engine is lost.
  void hide(Output& out) { show(out, {}); }

 private:
  struct Shown {
    Instance instance;
    Facts<SwarmService> facts;
  };

  void show(Output&, const std::vector<SwarmServiceState>& services);

  const Runtime runtime_;
  const std::uint64_t interval_ns_;
  InstanceSet services_;
  std::vector<Shown> shown_;
  std::uint64_t due_ns_ = 0;
};

}  // namespace hostmeter::source::runtime
