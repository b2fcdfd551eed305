#pragma once
#include <string_view>

#include "hostmeter/base/result.hpp"
#include "hostmeter/flow/facts/netstat.hpp"

namespace hostmeter::source::proc {

// Each adds what one file says to the facts of the files before it.

// /proc/net/snmp and /proc/net/netstat: pairs of lines, names and values, behind a protocol's name.
Result<Facts<Netstat>> parse_protocols(std::string_view text, Facts<Netstat> facts);

// /proc/net/snmp6: "Ip6InOctets  123".
Result<Facts<Netstat>> parse_snmp6(std::string_view text, Facts<Netstat> facts);

}  // namespace hostmeter::source::proc
