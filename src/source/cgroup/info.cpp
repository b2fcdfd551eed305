#include "source/cgroup/info.hpp"

#include <utility>

namespace hostmeter::source::cgroup {
namespace {

Facts<CgroupInfo> facts_of(std::uint64_t seen_ns) {
  Facts<CgroupInfo> facts;
  facts.set(CgroupInfo::info, 1);
  facts.set(CgroupInfo::last_seen_ns, seen_ns);
  return facts;
}

}  // namespace

// What a cgroup was is to be known as long as its counters are. Its number is kept for a tick: were
// it given to another at once, the pump would not know any more whose the last Record is.
void InfoReader::send_departed(const Tick& tick, Output& out) {
  departed_.clear();
  for (const auto& gone : inventory_.departed()) {
    if (!inventory_.is_served(*gone)) continue;
    auto state = states_.take(gone->subject);
    const std::uint64_t seen_ns = state ? seen_ns_ : tick.realtime_ns;
    if (!state) {
      state = std::make_unique<State>();
      name(*gone, *state, out);
    }
    out.send_final(gone->subject, facts_of(seen_ns), state->instance);
    departed_.push_back(std::move(state));
  }
}

void InfoReader::name(const Cgroup& cgroup, State& state, Output& out) {
  const Identity& identity = cgroup.identity;
  state.labels.emplace(host_.instances, cgroup.subject);
  state.instance =
      state.labels->get(out, to_string(identity.runtime), identity.container_id, identity.pod_uid,
                        identity.qos_class, identity.unit, to_string(identity.kind));
}

void InfoReader::read(const Tick& tick, Output& out) {
  send_departed(tick, out);
  const bool same = inventory_.born().empty() && inventory_.gone().empty();
  if (std::exchange(seen_ns_, tick.realtime_ns) != 0 && same && !tick.resend) return;
  states_.for_each(inventory_, [&](const Cgroup& cgroup, State& state, bool first) {
    if (first) name(cgroup, state, out);
    if (first || tick.resend) out.send(cgroup.subject, facts_of(tick.realtime_ns), state.instance);
  });
}

}  // namespace hostmeter::source::cgroup
