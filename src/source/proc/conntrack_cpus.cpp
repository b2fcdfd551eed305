// /proc/net/stat/nf_conntrack: what each CPU did. Without the module there is none.
#include "source/proc/kernel_values.hpp"
#include "source/proc/reader_spec.hpp"

namespace hostmeter::source::proc {
namespace {

class ConntrackCpusReader final : public KernelValueReader {
 public:
  ConntrackCpusReader(Host& host, const Moments& moments)
      : KernelValueReader(host, moments), path_(host.net + "/stat/nf_conntrack") {}

 private:
  void read_files() override {
    take<parse_cpu_values>(host().proc, path_.c_str(), "net/stat/nf_conntrack");
  }

  const std::string path_;
};

}  // namespace

extern const ReaderSpec conntrack_cpus{
    "conntrack_cpus",
    [](Host& host, const Options& options) -> std::unique_ptr<Reader> {
      return std::make_unique<ConntrackCpusReader>(host, options.moments("conntrack_cpus"));
    },
    When::asked};

}  // namespace hostmeter::source::proc
