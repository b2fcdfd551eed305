#include "source/cgroup/info.hpp"

#include <utility>

namespace hostmeter::source::cgroup {
namespace {

Facts<CgroupInfo> facts_of(std::uint64_t seen_ns) {
  Facts<CgroupInfo> facts;
  facts.set(CgroupInfo::last_seen_ns, seen_ns);
  return facts;
}

}  // namespace

void InfoReader::send_departed(const Tick& tick, Output& out) {
  for (const auto& gone : inventory_.departed()) {
    if (!inventory_.is_served(*gone)) continue;
    const std::uint64_t seen_ns = states_.take(gone->subject) ? seen_ns_ : tick.realtime_ns;
    out.send_final(gone->subject, facts_of(seen_ns));
  }
}

void InfoReader::read(const Tick& tick, Output& out) {
  send_departed(tick, out);
  const bool same = inventory_.born().empty() && inventory_.gone().empty();
  if (std::exchange(seen_ns_, tick.realtime_ns) != 0 && same && !tick.resend) return;
  states_.for_each(inventory_, [&](const Cgroup& cgroup, State&, bool first) {
    if (first || tick.resend) out.send(cgroup.subject, facts_of(tick.realtime_ns));
  });
}

}  // namespace hostmeter::source::cgroup
