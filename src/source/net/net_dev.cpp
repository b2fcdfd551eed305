// /proc/net/dev and /proc/PID/net/dev.
#include "source/net/net_dev.hpp"

namespace hostmeter::source::net {
namespace {

// In the order of the columns.
constexpr std::uint64_t Counters::*kColumns[] = {
    &Counters::rx_bytes,      &Counters::rx_packets,    &Counters::rx_errors,
    &Counters::rx_dropped,    &Counters::rx_fifo,       &Counters::rx_frame,
    &Counters::rx_compressed, &Counters::rx_multicast,  &Counters::tx_bytes,
    &Counters::tx_packets,    &Counters::tx_errors,     &Counters::tx_dropped,
    &Counters::tx_fifo,       &Counters::tx_collisions, &Counters::tx_carrier,
    &Counters::tx_compressed};

// The name ends at the last colon: kernels before 4.17 allow colons in names. A long first number
// may follow it without a blank.
Result<NetDevLine> parse_line(std::string_view line) {
  const auto colon = line.rfind(':');
  if (colon == std::string_view::npos) return Error{EBADMSG, "net/dev: no colon"};
  NetDevLine parsed{Text::trim(line.substr(0, colon)), {}};
  if (parsed.name.empty() || parsed.name.find_first_of(" \t") != std::string_view::npos)
    return Error{EBADMSG, "net/dev: name"};
  Text columns(line.substr(colon + 1));
  for (const auto column : kColumns) {
    const auto value = columns.number();
    if (!value) return Error{EBADMSG, "net/dev: column"};
    parsed.counters.*column = *value;
  }
  return parsed;
}

}  // namespace

Result<std::optional<NetDevLine>> NetDev::next() {
  if (!begun_) {
    begun_ = true;
    if (!rest_.until('\n').starts_with("Inter-|") || !rest_.until('\n').starts_with(" face |")) {
      rest_ = Text({});
      return Error{EBADMSG, "net/dev: headings"};
    }
  }
  if (rest_.empty()) return std::optional<NetDevLine>();
  const auto parsed = parse_line(rest_.until('\n'));
  if (parsed) return std::optional(*parsed);
  rest_ = Text({});
  return parsed.error();
}

}  // namespace hostmeter::source::net
