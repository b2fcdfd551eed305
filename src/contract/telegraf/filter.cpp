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

bool matches(const std::string& glob, const std::string& name) {
  if (glob.find('{') == std::string::npos) return ::fnmatch(glob.c_str(), name.c_str(), 0) == 0;
  std::vector<std::string> plain;
  expand(glob, plain);
  return std::ranges::any_of(
      plain, [&](const std::string& one) { return ::fnmatch(one.c_str(), name.c_str(), 0) == 0; });
}

bool any_tag_matches(const std::vector<TagRule>& rules, const Tags& tags) {
  return std::ranges::any_of(rules, [&](const TagRule& rule) {
    const std::string* const value = find(tags, rule.tag);
    return value && matches_any(rule.values, *value);
  });
}

}  // namespace

bool matches_any(const Globs& globs, std::string_view name) {
  const std::string terminated(name);
  return std::ranges::any_of(globs,
                             [&](const std::string& glob) { return matches(glob, terminated); });
}

bool passes(const Globs& include, const Globs& exclude, std::string_view name) {
  return (include.empty() || matches_any(include, name)) && !matches_any(exclude, name);
}

bool selects(const Rules& rules, std::string_view measurement, const Tags& tags) {
  return passes(rules.namepass, rules.namedrop, measurement) &&
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

std::string renamed(const Input& input, std::string_view measurement) {
  const std::string_view name = input.name_override.empty() ? measurement : input.name_override;
  return input.name_prefix + std::string(name) + input.name_suffix;
}

}  // namespace hostmeter::contract::telegraf
