// Sockets of the host's network namespace: netstat.
#include "contract/telegraf/plugins.hpp"

namespace hostmeter::contract::telegraf {

// Of the states of TCP only this one is counted by the kernel itself; the others take a look at
// each socket, which nobody takes.
Drafts drafts(const Netstat&, Source& source) {
  Draft draft{.key = {}};
  DraftPoint& point = draft.point("netstat", MetricType::unknown);
  draft.copy(point, "tcp_time_wait", source.only("node_sockstat_TCP_tw"));
  const Term udp6 = source.only("node_sockstat_UDP6_inuse");
  const Term none{.series = Term::kOne, .scale = 0};
  draft.add(point, "udp_socket",
            {.a = draft.figures.sum({source.only("node_sockstat_UDP_inuse"),
                                     udp6.exists() ? udp6.else_zero() : none})});
  return only(std::move(draft));
}

}  // namespace hostmeter::contract::telegraf
