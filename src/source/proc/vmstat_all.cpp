// /proc/vmstat: all of it.
#include "source/proc/kernel_values.hpp"
#include "source/proc/reader_spec.hpp"

namespace hostmeter::source::proc {
namespace {

class VmstatAllReader final : public KernelValueReader {
 public:
  using KernelValueReader::KernelValueReader;

 private:
  void read_files() override { take<parse_named_values>(host().proc, "vmstat", "vmstat"); }
};

}  // namespace

extern const ReaderSpec vmstat_all{
    "vmstat_all",
    [](Host& host, const Options& options) -> std::unique_ptr<Reader> {
      return std::make_unique<VmstatAllReader>(host, options.moments("vmstat_all"));
    },
    When::asked};

}  // namespace hostmeter::source::proc
