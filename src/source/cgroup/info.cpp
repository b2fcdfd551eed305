#include "source/cgroup/info.hpp"

namespace hostmeter::source::cgroup {

void InfoReader::read(const Tick& tick, Output& out) {
  states_.for_each(inventory_, [&](const Cgroup& cgroup, State& state, bool first) {
    if (first) {
      const Identity& identity = cgroup.identity;
      state.labels.emplace(host_.instances, cgroup.subject);
      state.instance = state.labels->get(out, to_string(identity.runtime), identity.container_id,
                                         identity.pod_uid, identity.qos_class, identity.unit,
                                         to_string(identity.kind));
    }
    Facts<CgroupInfo> facts;
    facts.set(CgroupInfo::info, 1);
    facts.set(CgroupInfo::last_seen_ns, tick.realtime_ns);
    out.send(cgroup.subject, facts, state.instance);
  });
}

}  // namespace hostmeter::source::cgroup
