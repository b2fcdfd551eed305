// What is checked of a configuration's text before anybody parses it.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hostmeter::config {

inline constexpr std::size_t kLongestText = 1U << 20;

struct TextProblem {
  std::uint32_t line, column;  // from 1; 0 when it is about the whole text
  std::string what;
};

// UTF-8 without control characters (a tab and CRLF are fine), not too long, and not so many dots
// in keys that a parser that recurses per table would run out of stack.
std::optional<TextProblem> check_text(std::string_view text);

// Bytes that a terminal or a log would not show as they are, as \xHH; cut after 80 bytes.
std::string printable(std::string_view text);

}  // namespace hostmeter::config
