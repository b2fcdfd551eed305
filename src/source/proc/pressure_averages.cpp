// /proc/pressure: the averages that the kernel makes of the totals.
#include "source/proc/kernel_values.hpp"
#include "source/proc/reader_spec.hpp"

namespace hostmeter::source::proc {
namespace {

class PressureAveragesReader final : public KernelValueReader {
 public:
  using KernelValueReader::KernelValueReader;

 private:
  void read_files() override {
    for (const char* const file : {"pressure/cpu", "pressure/memory", "pressure/io"})
      take<parse_pressure_averages>(host().proc, file, file);
  }
};

}  // namespace

extern const ReaderSpec pressure_averages{
    "pressure_averages",
    [](Host& host, const Options& options) -> std::unique_ptr<Reader> {
      return std::make_unique<PressureAveragesReader>(host, options.moments("pressure_averages"));
    },
    When::asked};

}  // namespace hostmeter::source::proc
