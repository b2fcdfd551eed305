// Any bytes as /proc/interrupts: each line is refused, or has a count for each processor or one.
#include "source/proc/interrupts.hpp"

#include <cstdint>
#include <cstdlib>

#include "hostmeter/base/text.hpp"

using namespace hostmeter;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Text lines({reinterpret_cast<const char*>(data), size});
  const auto processors = source::proc::parse_processors(lines.line().rest());
  if (!processors) return 0;
  source::proc::InterruptLines reader(processors->size());
  while (!lines.empty()) {
    const auto line = reader.parse(lines.line().rest());
    if (!line) continue;
    if (line->type.empty()) std::abort();
    if (reader.counts().size() != (line->is_sum ? 1 : processors->size())) std::abort();
  }
  return 0;
}
