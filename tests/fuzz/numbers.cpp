// Any bytes as a decimal or hexadecimal number: a hexadecimal one survives being printed again.
#include "source/proc/numbers.hpp"

#include <charconv>
#include <cstddef>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  using namespace hostmeter::source::proc;
  if (const auto single = parse_single_number(text); single && text.size() == 0) __builtin_trap();
  if (const auto value = to_hex_number(text)) {
    char digits[16];
    const char* end = std::to_chars(digits, digits + sizeof digits, *value, 16).ptr;
    const std::string_view printed(digits, std::size_t(end - digits));
    if (!text.ends_with(printed)) __builtin_trap();
  }
  return 0;
}
