#include "config/telegraf/document.hpp"

namespace hostmeter::config::telegraf {
namespace {

constexpr std::string_view kUtf8Mark = "\xEF\xBB\xBF";

std::uint32_t line_in_file(const std::vector<std::uint32_t>& lines, std::uint32_t line) {
  return line > 0 && line <= lines.size() ? lines[line - 1] : line;
}

// Our own words around what the TOML parser says, and the likely reason.
std::string what_is_wrong(const toml::parse_error& failure, const Document& document,
                          std::uint32_t line) {
  for (const NamedVariable& unset : document.unset)
    if (unset.line == line && !unset.in_string)
      return "$" + printable(unset.name) +
             " is not set in the environment, and its name alone is no value; set it where "
             "hostmeter is started";
  return printable(failure.description()) + "; see https://toml.io";
}

}  // namespace

std::uint32_t Document::line(const toml::source_position& at) const {
  return line_in_file(lines, at.line);
}

Document parse_document(std::string_view text, const Environment& environment) {
  Document document;
  if (text.size() > kLongestText) {
    document.problem = Problem{0, 0, {}, "is larger than 1 MiB; this is not a configuration"};
    return document;
  }
  if (text.starts_with(kUtf8Mark)) text.remove_prefix(kUtf8Mark.size());
  ReplacedText replaced = replace_environment(text, environment);
  document.lines = std::move(replaced.lines);
  document.unset = std::move(replaced.unset);
  document.unclosed = std::move(replaced.unclosed);
  document.empty = std::move(replaced.empty);
  if (replaced.problem) {
    document.problem = Problem{replaced.problem->line, 0, {}, std::move(replaced.problem->what)};
    return document;
  }
  if (auto bad = check_text(replaced.text)) {
    document.problem =
        Problem{line_in_file(document.lines, bad->line), 0, {}, std::move(bad->what)};
    return document;
  }
  try {
    document.root = toml::parse(replaced.text);
  } catch (const toml::parse_error& failure) {
    const std::uint32_t line = document.line(failure.source().begin);
    document.problem = Problem{line, 0, {}, what_is_wrong(failure, document, line)};
  }
  return document;
}

}  // namespace hostmeter::config::telegraf
