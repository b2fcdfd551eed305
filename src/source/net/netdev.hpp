#pragma once
#include "source/net/host_links.hpp"
#include "source/net/options.hpp"
#include "source/reader.hpp"

namespace hostmeter::source::net {

// The host's devices but for those that a container reports. Read after CgroupNetwork, where
// there is one, so that a veth is not taken for the host's before its container claims it.
class NetdevReader final : public Reader {
 public:
  NetdevReader(Host& host, HostLinks& links, const Options& options)
      : links_(links), filter_(options.host_interfaces), devices_(host.instances, kHost) {}

  void read(const Tick& tick, Output& out) override;
  Mode mode() const override { return links_.mode(); }

 private:
  HostLinks& links_;
  const base::GlobFilter filter_;
  InstanceSet devices_;
};

}  // namespace hostmeter::source::net
