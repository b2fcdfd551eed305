#include "config/telegraf/recognition.hpp"

#include <algorithm>

#include "hostmeter/base/text.hpp"

namespace hostmeter::config {
namespace {

constexpr std::string_view kTelegrafTables[] = {"agent",       "inputs",     "outputs",
                                                "global_tags", "processors", "aggregators"};

bool is_telegraf(std::string_view table) {
  return std::find(std::begin(kTelegrafTables), std::end(kTelegrafTables), table) !=
         std::end(kTelegrafTables);
}

bool is_ours(std::string_view table) {
  return find_table(table) != nullptr;
}

// "inputs" of "[[inputs.cpu]]"; empty when the line is no table's header.
std::string_view header(std::string_view line) {
  line = Text::trim(line);
  if (!line.starts_with('[')) return {};
  line.remove_prefix(line.starts_with("[[") ? 2 : 1);
  return Text::trim(line.substr(0, line.find_first_of(".]")));
}

}  // namespace

std::optional<Problem> find_telegraf(const toml::table& root) {
  const toml::key* theirs = nullptr;
  const toml::key* ours = nullptr;
  for (const auto& [key, value] : root) {
    if (is_telegraf(key.str()))
      theirs = &key;
    else if (is_ours(key.str()))
      ours = &key;
  }
  if (!theirs) return {};
  if (!ours) return Problem{0, 0, {}, kTelegrafLater};
  const auto at = theirs->source().begin;
  return Problem{at.line, at.column, std::string(theirs->str()),
                 "is a table of a telegraf.conf in a file with Hostmeter's own [" +
                     std::string(ours->str()) + "]; keep them in two files"};
}

bool looks_like_telegraf(std::string_view text) {
  bool any = false;
  for (Text lines(text); !lines.empty();) {
    const std::string_view table = header(lines.line().rest());
    if (is_ours(table)) return false;
    any = any || is_telegraf(table);
  }
  return any;
}

}  // namespace hostmeter::config
