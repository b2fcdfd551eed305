// Any bytes as files that are taken as a whole: values have names, and are told of in bounds.
#include "source/proc/kernel_values.hpp"

#include <cmath>
#include <cstddef>

namespace {

using namespace hostmeter;
using namespace hostmeter::source::proc;

struct Checked final : KernelValueSink {
  void value(std::string_view, std::string_view name, double value) override {
    if (name.empty() || !std::isfinite(value)) __builtin_trap();
  }
  void bad(const Error& error) override {
    if (error.code != EBADMSG) __builtin_trap();
  }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  constexpr std::string_view kNames[] = {"a", "", "c"};
  Checked sink;
  parse_named_values(text, sink);
  parse_protocol_values(text, sink);
  parse_cpu_values(text, sink);
  parse_pressure_averages(text, sink);
  parse_value_list(text, kNames, sink);
  return 0;
}
