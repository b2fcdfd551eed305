// /proc/net/{snmp,snmp6,netstat}: the counters that node_exporter shows by default.
#include "source/proc/netstat.hpp"

#include "source/proc/key_table.hpp"
#include "source/proc/reader_spec.hpp"

namespace hostmeter::source::proc {
namespace {

constexpr Key<Netstat> kIp[] = {
    {"Forwarding", Netstat::ip_forwarding},
};
constexpr Key<Netstat> kIcmp[] = {
    {"InMsgs", Netstat::icmp_in_msgs},
    {"InErrors", Netstat::icmp_in_errors},
    {"OutMsgs", Netstat::icmp_out_msgs},
};
constexpr Key<Netstat> kTcp[] = {
    {"ActiveOpens", Netstat::tcp_active_opens}, {"PassiveOpens", Netstat::tcp_passive_opens},
    {"CurrEstab", Netstat::tcp_curr_estab},     {"InSegs", Netstat::tcp_in_segs},
    {"OutSegs", Netstat::tcp_out_segs},         {"RetransSegs", Netstat::tcp_retrans_segs},
    {"InErrs", Netstat::tcp_in_errs},           {"OutRsts", Netstat::tcp_out_rsts},
};
constexpr Key<Netstat> kUdp[] = {
    {"InDatagrams", Netstat::udp_in_datagrams},   {"NoPorts", Netstat::udp_no_ports},
    {"InErrors", Netstat::udp_in_errors},         {"OutDatagrams", Netstat::udp_out_datagrams},
    {"RcvbufErrors", Netstat::udp_rcvbuf_errors}, {"SndbufErrors", Netstat::udp_sndbuf_errors},
};
constexpr Key<Netstat> kUdpLite[] = {
    {"InErrors", Netstat::udp_lite_in_errors},
};
constexpr Key<Netstat> kTcpExt[] = {
    {"SyncookiesSent", Netstat::tcp_ext_syncookies_sent},
    {"SyncookiesRecv", Netstat::tcp_ext_syncookies_recv},
    {"SyncookiesFailed", Netstat::tcp_ext_syncookies_failed},
    {"ListenOverflows", Netstat::tcp_ext_listen_overflows},
    {"ListenDrops", Netstat::tcp_ext_listen_drops},
    {"TCPTimeouts", Netstat::tcp_ext_tcp_timeouts},
    {"TCPOFOQueue", Netstat::tcp_ext_tcp_ofo_queue},
    {"TCPSynRetrans", Netstat::tcp_ext_tcp_syn_retrans},
    {"TCPRcvQDrop", Netstat::tcp_ext_tcp_rcv_q_drop},
};
constexpr Key<Netstat> kIpExt[] = {
    {"InOctets", Netstat::ip_ext_in_octets},
    {"OutOctets", Netstat::ip_ext_out_octets},
};

struct Protocol {
  std::string_view name;
  std::span<const Key<Netstat>> keys;
};
constexpr Protocol kProtocols[] = {
    {"Ip:", kIp},           {"Icmp:", kIcmp},     {"Tcp:", kTcp},     {"Udp:", kUdp},
    {"UdpLite:", kUdpLite}, {"TcpExt:", kTcpExt}, {"IpExt:", kIpExt},
};

constexpr Key<Netstat> kSnmp6[] = {
    {"Ip6InOctets", Netstat::ip6_in_octets},
    {"Ip6OutOctets", Netstat::ip6_out_octets},
    {"Icmp6InMsgs", Netstat::icmp6_in_msgs},
    {"Icmp6InErrors", Netstat::icmp6_in_errors},
    {"Icmp6OutMsgs", Netstat::icmp6_out_msgs},
    {"Udp6InDatagrams", Netstat::udp6_in_datagrams},
    {"Udp6NoPorts", Netstat::udp6_no_ports},
    {"Udp6InErrors", Netstat::udp6_in_errors},
    {"Udp6OutDatagrams", Netstat::udp6_out_datagrams},
    {"Udp6RcvbufErrors", Netstat::udp6_rcvbuf_errors},
    {"Udp6SndbufErrors", Netstat::udp6_sndbuf_errors},
    {"UdpLite6InErrors", Netstat::udp_lite6_in_errors},
};

Result<Facts<Netstat>> parse_columns(Text names, Text values, std::span<const Key<Netstat>> keys,
                                     Facts<Netstat> facts) {
  KeyCursor<Netstat> cursor(keys);
  for (std::string_view name = names.word(); !name.empty(); name = names.word()) {
    const std::string_view word = values.word();
    const auto field = cursor.find(name);
    if (!field) continue;
    const auto value = Text::to_number(word);
    if (!value) return Error{EBADMSG, "netstat: counter"};
    facts.set(*field, *value);
  }
  return facts;
}

class NetstatReader final : public Reader {
 public:
  explicit NetstatReader(Host& host)
      : host_(host),
        snmp_(host.net + "/snmp"),
        snmp6_(host.net + "/snmp6"),
        netstat_(host.net + "/netstat") {}

  void read(const Tick&, Output& out) override {
    Facts<Netstat> facts;
    add<parse_protocols>(snmp_, facts);
    add<parse_snmp6>(snmp6_, facts);
    add<parse_protocols>(netstat_, facts);
    out.send(kHost, facts);
  }

 private:
  template <auto parse>
  void add(base::KeptFile& file, Facts<Netstat>& facts) {
    const auto text = file.read(host_.proc.fd(), host_.buffer);
    const auto added = text ? parse(*text, facts) : text.error();
    if (added)
      facts = *added;
    else
      failed(added.error());
  }

  Host& host_;
  base::KeptFile snmp_, snmp6_, netstat_;
};

}  // namespace

Result<Facts<Netstat>> parse_protocols(std::string_view text, Facts<Netstat> facts) {
  if (text.empty()) return Error{EBADMSG, "netstat: empty"};
  for (Text lines(text); !lines.empty();) {
    Text names = lines.line();
    Text values = lines.line();
    const std::string_view name = names.word();
    if (values.word() != name) return Error{EBADMSG, "netstat: names without values"};
    for (const Protocol& protocol : kProtocols) {
      if (protocol.name != name) continue;
      auto added = parse_columns(names, values, protocol.keys, facts);
      if (!added) return added;
      facts = *added;
      break;
    }
  }
  return facts;
}

Result<Facts<Netstat>> parse_snmp6(std::string_view text, Facts<Netstat> facts) {
  return parse_key_values<Netstat>(text, kSnmp6, "snmp6: counter", facts);
}

extern const ReaderSpec netstat{"netstat",
                                [](Host& host, const Options&) -> std::unique_ptr<Reader> {
                                  return std::make_unique<NetstatReader>(host);
                                }};

}  // namespace hostmeter::source::proc
