// Numbers as some files below /proc print them.
#pragma once
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/kernel_file.hpp"
#include "hostmeter/base/result.hpp"
#include "hostmeter/base/text.hpp"

namespace hostmeter::source::proc {

// "0000086f" below 2^64, without a prefix.
constexpr std::optional<std::uint64_t> to_hex_number(std::string_view digits) {
  if (digits.empty() || digits.size() > 16) return {};
  std::uint64_t value = 0;
  for (const char c : digits) {
    std::uint64_t digit = 0;
    if (c >= '0' && c <= '9')
      digit = std::uint64_t(c - '0');
    else if (c >= 'a' && c <= 'f')
      digit = std::uint64_t(c - 'a') + 10;
    else
      return {};
    value = value << 4U | digit;
  }
  return value;
}

// A file that holds one decimal number and nothing else, as most below /proc/sys.
inline Result<std::uint64_t> parse_single_number(std::string_view text) {
  const auto value = Text::to_number(Text::trim(text));
  if (!value) return Error{EBADMSG, "single number"};
  return *value;
}

inline Result<std::uint64_t> read_single_number(base::KeptFile& file, int dir_fd,
                                                base::Buffer& buffer) {
  const auto text = file.read(dir_fd, buffer);
  if (!text) return text.error();
  return parse_single_number(*text);
}

}  // namespace hostmeter::source::proc
