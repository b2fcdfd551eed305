#include "source/runtime/engine_swarm.hpp"

#include <cerrno>
#include <utility>

namespace hostmeter::source::runtime {
namespace {

constexpr std::uint64_t kAfterRefusal = 6;  // intervals
constexpr int kUnavailable = 503;

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
  if (interval_ns_ == 0) return {};
  const auto failure = ask_when_due(out, client, now_ns);
  if (!failure) return {};
  const bool says_no = manages_none(*failure);
  question_.rest(now_ns, (says_no ? kAfterRefusal : 1) * interval_ns_);
  if (says_no && !shown_.empty()) show(out, {});
  return failure;
}

// What else it refuses to answer may have reasons of its own.
bool EngineSwarm::manages_none(const Error& error) const {
  return error.code == ENOTSUP && !asks_for_tasks_ && question_.status() == kUnavailable;
}

void EngineSwarm::pass_time(Output& out, std::uint64_t now_ns) {
  if (!shown_.empty() && question_.is_stale(now_ns)) show(out, {});
}

std::optional<Error> EngineSwarm::ask_when_due(Output& out, EngineClient& client,
                                               std::uint64_t now_ns) {
  if (question_.is_due(now_ns)) {
    asks_for_tasks_ = false;
    if (const auto failure = question_.ask(client.ask_services(), now_ns)) return failure;
  }
  const auto body = question_.answer(now_ns);
  if (!body) return {};
  if (!*body) return body->error();
  return take(out, client, **body, now_ns);
}

std::optional<Error> EngineSwarm::take(Output& out, EngineClient& client, std::string_view body,
                                       std::uint64_t now_ns) {
  if (asks_for_tasks_) {
    if (const auto failure = count_tasks(body, told_.all)) return failure;
  } else {
    auto services = parse_services(body);
    if (!services) return services.error();
    told_ = std::move(*services);
    asks_for_tasks_ = !told_.all.empty();
    if (asks_for_tasks_) return question_.ask(client.ask_tasks(), now_ns);
  }
  question_.taken(now_ns);
  left_out_ += std::exchange(told_.left_out, 0);
  show(out, told_.all);
  told_.all.clear();
  return {};
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
