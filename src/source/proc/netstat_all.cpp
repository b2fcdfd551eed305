// /proc/net/{netstat,snmp,snmp6}: all of them.
#include "source/proc/kernel_values.hpp"
#include "source/proc/reader_spec.hpp"

namespace hostmeter::source::proc {
namespace {

class NetstatAllReader final : public KernelValueReader {
 public:
  NetstatAllReader(Host& host, const Moments& moments)
      : KernelValueReader(host, moments),
        netstat_(host.net + "/netstat"),
        snmp_(host.net + "/snmp"),
        snmp6_(host.net + "/snmp6") {}

 private:
  void read_files() override {
    take<parse_protocol_values>(host().proc, netstat_.c_str(), "net/netstat");
    take<parse_protocol_values>(host().proc, snmp_.c_str(), "net/snmp");
    take<parse_named_values>(host().proc, snmp6_.c_str(), "net/snmp6");
  }

  const std::string netstat_, snmp_, snmp6_;
};

}  // namespace

extern const ReaderSpec netstat_all{
    "netstat_all",
    [](Host& host, const Options& options) -> std::unique_ptr<Reader> {
      return std::make_unique<NetstatAllReader>(host, options.moments("netstat_all"));
    },
    When::asked};

}  // namespace hostmeter::source::proc
