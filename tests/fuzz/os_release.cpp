// Any bytes as os-release: accepted values fit into the file, versions are never negative.
#include "source/proc/os_release.hpp"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  using namespace hostmeter::source::proc;
  if (const auto os = parse_os_release(text)) {
    for (const std::string& value : *os)
      if (value.size() > size) __builtin_trap();
  }
  if (version_number(text).value_or(0) < 0) __builtin_trap();
  return 0;
}
