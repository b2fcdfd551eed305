#include "config/telegraf/recognition.hpp"

#include "config/schema.hpp"
#include "config/source_text.hpp"
#include "config/telegraf/sections.hpp"
#include "config/whole_file.hpp"
#include "hostmeter/base/text.hpp"

namespace hostmeter::config {
namespace {

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
    if (telegraf::is_section(key.str()))
      theirs = &key;
    else if (is_ours(key.str()))
      ours = &key;
  }
  if (!theirs) return {};
  if (!ours) return Problem{0, 0, {}, kIsTelegraf};
  const auto at = theirs->source().begin;
  return Problem{at.line, at.column, std::string(theirs->str()),
                 "is a table of a telegraf.conf in a file with Hostmeter's own [" +
                     std::string(ours->str()) + "]; keep them in two files"};
}

bool looks_like_telegraf(std::string_view text) {
  constexpr std::string_view kUtf8Mark = "\xEF\xBB\xBF";
  if (text.starts_with(kUtf8Mark)) text.remove_prefix(kUtf8Mark.size());
  bool any = false;
  for (Text lines(text); !lines.empty();) {
    const std::string_view table = header(lines.line().rest());
    if (is_ours(table)) return false;
    any = any || telegraf::is_section(table);
  }
  return any;
}

bool is_telegraf_file(const std::string& path) {
  const auto text = read_whole(path, kLongestText);
  return text && looks_like_telegraf(*text);
}

}  // namespace hostmeter::config
