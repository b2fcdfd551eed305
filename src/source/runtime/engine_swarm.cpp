#include "source/runtime/engine_swarm.hpp"

namespace hostmeter::source::runtime {
namespace {

constexpr std::uint64_t kAfterFailure = 6;  // intervals

Facts<SwarmService> facts_of(const SwarmServiceState& one) {
  Facts<SwarmService> facts;
  facts.set(SwarmService::tasks_running, one.running);
  facts.set(SwarmService::tasks_desired, one.replicas);
  if (one.mode == "global") facts.set(SwarmService::tasks_desired, one.wanted);
  facts.set(SwarmService::max_concurrent, one.concurrent);
  facts.set(SwarmService::total_completions, one.completions);
  return facts;
}

}  // namespace

std::optional<Error> EngineSwarm::follow(Output& out, EngineClient& client, std::uint64_t now_ns) {
  if (interval_ns_ == 0 || now_ns < due_ns_) return {};
  due_ns_ = now_ns + interval_ns_;
  const auto services = client.services();
  show(out, services ? *services : std::vector<SwarmServiceState>());
  if (services) return {};
  due_ns_ = now_ns + kAfterFailure * interval_ns_;
  return services.error();
}

void EngineSwarm::show(Output& out, const std::vector<SwarmServiceState>& services) {
  shown_.clear();
  services_.begin();
  for (const SwarmServiceState& one : services)
    shown_.push_back(
        {services_.get(out, to_string(runtime_), one.id, one.name, one.mode), facts_of(one)});
  services_.end(out);
  resend(out);
}

void EngineSwarm::resend(Output& out) const {
  for (const Shown& shown : shown_) out.send(kHost, shown.facts, shown.instance);
}

}  // namespace hostmeter::source::runtime
