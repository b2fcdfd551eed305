// The network devices of the host.
#include "source/net/netdev.hpp"

namespace hostmeter::source::net {

void NetdevReader::read(const Tick& tick, Output& out) {
  if (const Error error = links_.update(tick); error.code != 0) failed(error);
  devices_.begin();
  for (const HostLink& link : links_.links()) {
    if (links_.hides(link) || !filter_.passes(link.name)) continue;
    const Instance instance = devices_.get(out, link.name);
    if (links_.is_fresh(link)) out.send(kHost, netdev_facts(link.counters), instance);
  }
  devices_.end(out);
}

}  // namespace hostmeter::source::net
