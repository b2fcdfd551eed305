// Sockets and protocols of the host's network namespace: netstat, nstat, and net's interface "all".
#include <algorithm>
#include <array>

#include "contract/telegraf/plugins.hpp"

namespace hostmeter::contract::telegraf {
namespace {

constexpr std::string_view kPrefix = "node_netstat_";
constexpr std::string_view kOfSnmp[] = {"Icmp", "Ip", "Tcp", "Udp", "UdpLite"};
constexpr std::string_view kOfNetstat[] = {"IpExt", "TcpExt"};

struct Name {
  std::string_view protocol, field;
};

// What node_netstat_TcpExt_ListenDrops is made of; empty for another metric.
Name name_of(std::string_view metric) {
  if (!metric.starts_with(kPrefix)) return {};
  metric.remove_prefix(kPrefix.size());
  const std::size_t at = metric.find('_');
  return {metric.substr(0, at), metric.substr(at + 1)};
}

std::string lower(std::string_view text) {
  std::string made(text);
  for (char& c : made)
    if (c >= 'A' && c <= 'Z') c = char(c - 'A' + 'a');
  return made;
}

template <std::size_t kCount>
bool is_one_of(const std::string_view (&names)[kCount], std::string_view name) {
  return std::ranges::find(names, name) != std::end(names);
}

}  // namespace

Draft protocol_draft(Source& source) {
  Draft draft{.key = "all"};
  DraftPoint& point = draft.point("net", MetricType::unknown, {{"interface", "all"}});
  for (const store::Family& family : *source.snapshot().families) {
    const Name name = name_of(family.metric->name);
    if (is_one_of(kOfSnmp, name.protocol))
      draft.copy(point, lower(name.protocol) + '_' + lower(name.field),
                 source.only(family.metric->name));
  }
  return draft;
}

Drafts drafts(const Nstat& options, Source& source) {
  Draft draft{.key = {}};
  DraftPoint &netstat = draft.point("nstat", MetricType::unknown, {{"name", "netstat"}}),
             &snmp = draft.point("nstat", MetricType::unknown, {{"name", "snmp"}}),
             &snmp6 = draft.point("nstat", MetricType::unknown, {{"name", "snmp6"}});
  const How how = options.dump_zeros ? How::scaled : How::nonzero;
  for (const store::Family& family : *source.snapshot().families) {
    const Name name = name_of(family.metric->name);
    if (name.protocol.empty()) continue;
    DraftPoint& point = is_one_of(kOfSnmp, name.protocol)      ? snmp
                        : is_one_of(kOfNetstat, name.protocol) ? netstat
                                                               : snmp6;
    const Sum value = draft.figures.sum({source.only(family.metric->name)});
    draft.add(point, std::string(name.protocol) + std::string(name.field),
              {.how = how, .a = value});
  }
  return only(std::move(draft));
}

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
