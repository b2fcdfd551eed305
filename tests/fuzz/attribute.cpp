// Single values of sysfs.
#include "source/proc/attribute.hpp"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  static_cast<void>(hostmeter::source::proc::parse_attribute(text));
  static_cast<void>(hostmeter::source::proc::parse_signed_attribute(text));
  return 0;
}
