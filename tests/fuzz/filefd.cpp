// Any bytes as file-nr: accepted only with both counts.
#include "source/proc/filefd.hpp"

#include <cstddef>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  using namespace hostmeter;
  using namespace hostmeter::source::proc;
  const auto facts = parse_file_nr(text);
  if (facts && !facts->get(Filefd::maximum)) __builtin_trap();
  return 0;
}
