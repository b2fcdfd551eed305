#include "config/telegraf/command_words.hpp"

namespace hostmeter::config::telegraf {
namespace {

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n';
}

// Takes a quoted part, whose first quote is gone already; false when it is not closed.
bool take_quoted(std::string_view& line, char quote, std::string& word) {
  while (!line.empty() && line.front() != quote) {
    const bool escapes = quote == '"' && line.size() > 1 && line.front() == '\\' &&
                         std::string_view("$`\"\\\n").find(line[1]) != std::string_view::npos;
    if (escapes) line.remove_prefix(1);
    if (!escapes || line.front() != '\n') word += line.front();
    line.remove_prefix(1);
  }
  if (line.empty()) return false;
  line.remove_prefix(1);
  return true;
}

// Takes what a backslash, which is gone already, stands before.
bool take_escaped(std::string_view& line, std::string& word) {
  if (line.empty()) return false;
  if (line.front() != '\n') word += line.front();
  line.remove_prefix(1);
  return true;
}

bool take_word(std::string_view& line, std::string& word) {
  while (!line.empty() && !is_space(line.front())) {
    const char c = line.front();
    line.remove_prefix(1);
    if (c == '\\') {
      if (!take_escaped(line, word)) return false;
    } else if (c == '\'' || c == '"') {
      if (!take_quoted(line, c, word)) return false;
    } else {
      word += c;
    }
  }
  return true;
}

}  // namespace

std::optional<std::vector<std::string>> command_words(std::string_view line) {
  std::vector<std::string> words;
  while (true) {
    while (!line.empty() && is_space(line.front())) line.remove_prefix(1);
    if (line.empty()) return words;
    if (!take_word(line, words.emplace_back())) return {};
  }
}

}  // namespace hostmeter::config::telegraf
