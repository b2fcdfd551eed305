// Sockets of the host's network namespace: netstat.
#include "contract/telegraf/plugins.hpp"

namespace hostmeter::contract::telegraf {

Drafts drafts(const Netstat&, Source& source) {
  constexpr std::string_view kStates[] = {"established", "syn_sent",  "syn_recv", "fin_wait1",
                                          "fin_wait2",   "time_wait", "close",    "close_wait",
                                          "last_ack",    "listen",    "closing",  "none"};
  Draft draft{.key = {}};
  DraftPoint& point = draft.point("netstat", MetricType::unknown);
  const Source::Family states = source.family("node_tcp_connection_states");
  for (const std::string_view state : kStates)
    draft.copy(point, "tcp_" + std::string(state), source.with(states, "state", state));
  const Term udp6 = source.only("node_sockstat_UDP6_inuse");
  const Term none{.series = Term::kOne, .scale = 0};
  draft.add(point, "udp_socket",
            {.a = draft.figures.sum({source.only("node_sockstat_UDP_inuse"),
                                     udp6.exists() ? udp6.else_zero() : none})});
  return only(std::move(draft));
}

}  // namespace hostmeter::contract::telegraf
