#include "contract/telegraf/filter.hpp"

#include <fnmatch.h>

#include <algorithm>

namespace hostmeter::contract::telegraf {
namespace {

constexpr std::size_t kMostAlternatives = 1'000;  // of one glob

// The globs without alternatives that one with them means. Those inside others are taken apart too.
void expand(std::string glob, std::vector<std::string>& out) {
  const std::size_t open = glob.find('{');
  std::size_t depth = 0, from = open + 1;
  std::vector<std::string> parts;
  for (std::size_t i = open; i < glob.size(); ++i) {
    if (glob[i] == '{') ++depth;
    const bool ends = glob[i] == '}' && depth == 1;
    if (ends || (glob[i] == ',' && depth == 1)) {
      parts.push_back(glob.substr(from, i - from));
      from = i + 1;
    }
    if (glob[i] == '}' && --depth == 0) break;
  }
  const bool is_plain = open == std::string::npos || depth != 0;
  if (is_plain || out.size() > kMostAlternatives) return out.push_back(std::move(glob));
  for (const std::string& part : parts)
    expand(glob.substr(0, open) + part + glob.substr(from), out);
}

// Of what a glob begins with and is one character of a name: "a", "?", "[a-z]", "\\*".
std::size_t first_length(std::string_view glob) {
  if (glob.front() == '\\') return std::min<std::size_t>(2, glob.size());
  if (glob.front() != '[') return 1;
  const std::size_t end = glob.find(']', glob.starts_with("[!") ? 3 : 2);
  return end == std::string_view::npos ? 1 : end + 1;
}

// * and ? stand for no separator; ** does.
bool matches_parted(std::string_view glob, std::string_view name, std::string_view separators) {
  if (glob.empty()) return name.empty();
  if (glob.starts_with('*')) {
    const bool crosses = glob.starts_with("**");
    glob.remove_prefix(crosses ? 2 : 1);
    for (; !matches_parted(glob, name, separators); name.remove_prefix(1))
      if (name.empty() || (!crosses && separators.find(name.front()) != separators.npos))
        return false;
    return true;
  }
  if (name.empty()) return false;
  const std::size_t length = first_length(glob);
  const bool stops = glob.front() == '?' && separators.find(name.front()) != separators.npos;
  const std::string one(glob.substr(0, length)), character(name.substr(0, 1));
  return !stops && ::fnmatch(one.c_str(), character.c_str(), 0) == 0 &&
         matches_parted(glob.substr(length), name.substr(1), separators);
}

bool matches_plain(const std::string& glob, const std::string& name, std::string_view separators) {
  return separators.empty() ? ::fnmatch(glob.c_str(), name.c_str(), 0) == 0
                            : matches_parted(glob, name, separators);
}

bool matches(const std::string& glob, const std::string& name, std::string_view separators) {
  if (glob.find('{') == std::string::npos) return matches_plain(glob, name, separators);
  std::vector<std::string> plain;
  expand(glob, plain);
  return std::ranges::any_of(
      plain, [&](const std::string& one) { return matches_plain(one, name, separators); });
}

bool any_tag_matches(const std::vector<TagRule>& rules, const Tags& tags) {
  return std::ranges::any_of(rules, [&](const TagRule& rule) {
    const std::string* const value = find(tags, rule.tag);
    return value && matches_any(rule.values, *value);
  });
}

}  // namespace

bool matches_any(const Globs& globs, std::string_view name, std::string_view separators) {
  const std::string terminated(name);
  return std::ranges::any_of(
      globs, [&](const std::string& glob) { return matches(glob, terminated, separators); });
}

bool passes(const Globs& include, const Globs& exclude, std::string_view name) {
  return (include.empty() || matches_any(include, name)) && !matches_any(exclude, name);
}

bool selects(const Rules& rules, std::string_view measurement, const Tags& tags) {
  return (rules.namepass.empty() ||
          matches_any(rules.namepass, measurement, rules.namepass_separator)) &&
         !matches_any(rules.namedrop, measurement, rules.namedrop_separator) &&
         (rules.tagpass.empty() || any_tag_matches(rules.tagpass, tags)) &&
         !any_tag_matches(rules.tagdrop, tags);
}

bool keeps_field(const Rules& rules, std::string_view field) {
  return passes(rules.fieldinclude, rules.fieldexclude, field);
}

void drop_tags(const Rules& rules, Tags& tags) {
  std::erase_if(
      tags, [&](const Tag& tag) { return !passes(rules.taginclude, rules.tagexclude, tag.first); });
}

std::string renamed(const Renaming& renaming, std::string_view measurement) {
  const std::string_view name =
      renaming.name_override.empty() ? measurement : renaming.name_override;
  return renaming.name_prefix + std::string(name) + renaming.name_suffix;
}

}  // namespace hostmeter::contract::telegraf
