#include "config/source_text.hpp"

#include <algorithm>
#include <cstdio>

#include "hostmeter/base/utf8.hpp"

namespace hostmeter::config {
namespace {

constexpr std::size_t kMostKeyDots = 1'000;

constexpr std::string_view kUtf8Mark = "\xEF\xBB\xBF";

bool is_control(char c) {
  return (static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0x7F;
}

// Skips a string of TOML, a plain or a literal one, of one or of many lines. Not closed: up to
// the end of its line, or of the text.
void skip_string(std::string_view& text) {
  const char quote = text.front();
  const std::string triple(3, quote);
  const bool many_lines = text.starts_with(triple);
  const std::string_view end = many_lines ? std::string_view(triple) : std::string_view(&quote, 1);
  text.remove_prefix(end.size());
  while (!text.empty() && !text.starts_with(end)) {
    if (text.front() == '\n' && !many_lines) return;
    text.remove_prefix(text.front() == '\\' && quote == '"' && text.size() > 1 ? 2 : 1);
  }
  text.remove_prefix(std::min(end.size(), text.size()));
  // A string in triple quotes may end in one or two quotes of its own.
  for (int own = 0; many_lines && own < 2 && text.starts_with(quote); ++own) text.remove_prefix(1);
}

// Each dot of a key makes a table inside a table. An honest key has three; a list of fractions may
// have hundreds. A statement is a header, or a key with its value, however many lines that has.
std::size_t most_dots_in_a_statement(std::string_view text) {
  std::size_t most = 0;
  std::size_t dots = 0;
  std::size_t open = 0;
  while (!text.empty()) {
    const char c = text.front();
    if (c == '"' || c == '\'') {
      skip_string(text);
      continue;
    }
    if (c == '#') {
      text.remove_prefix(std::min(text.find('\n'), text.size()));
      continue;
    }
    if (c == '[' || c == '{') ++open;
    if ((c == ']' || c == '}') && open > 0) --open;
    if (c == '\n' && open == 0) dots = 0;
    dots += c == '.' ? 1 : 0;
    most = std::max(most, dots);
    text.remove_prefix(1);
  }
  return most;
}

std::optional<std::string> what_is_wrong_at(std::string_view rest) {
  if (rest.front() == '\0') return "a NUL byte; this is not a text file";
  if (is_control(rest.front()))
    return "the control character " + printable(rest.substr(0, 1)) + "; remove it";
  if (utf8_length(rest) == 0)
    return "the byte " + printable(rest.substr(0, 1)) + " is not UTF-8; save the file as UTF-8";
  return {};
}

}  // namespace

std::string printable(std::string_view text) {
  constexpr std::size_t kMost = 80;
  std::string shown;
  while (!text.empty() && shown.size() < kMost) {
    const std::size_t length = utf8_length(text);
    // C1 controls (U+0080 to U+009F) move a terminal's cursor as well as the C0 ones do.
    const bool is_c1 =
        length == 2 && text[0] == '\xC2' && static_cast<unsigned char>(text[1]) < 0xA0;
    if (length > 0 && !is_c1 && static_cast<unsigned char>(text[0]) >= 0x20 && text[0] != 0x7F) {
      shown += text.substr(0, length);
      text.remove_prefix(length);
      continue;
    }
    char hex[5];
    std::snprintf(hex, sizeof hex, "\\x%02X", unsigned(static_cast<unsigned char>(text[0])));
    shown += hex;
    text.remove_prefix(1);
  }
  return text.empty() ? shown : shown + "...";
}

std::optional<TextProblem> check_text(std::string_view text) {
  if (text.size() > kLongestText)
    return TextProblem{0, 0, "is larger than 1 MiB; this is not a configuration"};
  if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF"))
    return TextProblem{1, 1, "is saved as UTF-16; save it as UTF-8"};
  if (text.starts_with(kUtf8Mark)) text.remove_prefix(kUtf8Mark.size());
  std::uint32_t line = 1;
  std::uint32_t column = 1;
  for (std::string_view rest = text; !rest.empty();) {
    if (auto what = what_is_wrong_at(rest)) return TextProblem{line, column, std::move(*what)};
    ++column;
    if (rest.front() == '\n') {
      ++line;
      column = 1;
    }
    rest.remove_prefix(utf8_length(rest));
  }
  if (most_dots_in_a_statement(text) > kMostKeyDots)
    return TextProblem{0, 0, "has more than 1000 dots in one key; this is not a configuration"};
  return {};
}

}  // namespace hostmeter::config
