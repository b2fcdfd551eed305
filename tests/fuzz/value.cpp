// Any bytes as a single value of each type: names and labels that Prometheus takes, and no more of
// them than may be.
#include <cstdint>

#include "written_again.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hostmeter::parse;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const char* type : {"integer", "float", "string", "boolean", "auto_integer", "auto_float"})
    check_output(text, {.format = Format::value, .value = {.type = *value_type(type)}});
  return 0;
}
