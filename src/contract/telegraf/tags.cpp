#include "contract/telegraf/tags.hpp"

#include <algorithm>
#include <functional>

#include "store/labels.hpp"

namespace hostmeter::contract::telegraf {
namespace {

constexpr std::uint64_t kFactor = 0x9E37'79B9'7F4A'7C15;

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// Prometheus's own labels: one of them, and it refuses the whole scrape.
constexpr std::string_view kReserved = "__";

constexpr unsigned kFollowsMask = 0xC0, kFollows = 0x80;  // of UTF-8

bool follows(char c) {
  return (static_cast<unsigned char>(c) & kFollowsMask) == kFollows;
}

// Each character that is not allowed becomes _; nothing where the first is no letter then.
std::string replaced(std::string_view name) {
  std::string made;
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (i > 0 && follows(name[i])) continue;
    const bool may_stay = is_letter(name[i]) || is_digit(name[i]) || name[i] == ':';
    made += may_stay ? name[i] : '_';
  }
  return !made.empty() && is_letter(made.front()) ? made : std::string();
}

// What is allowed stays as it is. Else: what may not begin a name is left out in its first place,
// elsewhere it becomes _, and _ at both ends goes. Bytes of one character become one _.
std::string allowed(std::string_view name, bool colons) {
  const auto may_begin = [&](char c) { return is_letter(c) || (colons && c == ':'); };
  const auto may_follow = [&](char c) { return may_begin(c) || is_digit(c); };
  if (!name.empty() && may_begin(name.front()) && std::ranges::all_of(name, may_follow))
    return std::string(name);
  std::string made;
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (i > 0 && follows(name[i])) continue;
    if (i == 0 ? may_begin(name[i]) : may_follow(name[i]))
      made += name[i];
    else if (i > 0)
      made += '_';
  }
  const std::size_t first = made.find_first_not_of('_'), last = made.find_last_not_of('_');
  // "-9" is left as 9.
  if (first == std::string::npos || !may_begin(made[first])) return {};
  return made.substr(first, last - first + 1);
}

Tags::iterator place_of(Tags& tags, std::string_view name) {
  return std::ranges::lower_bound(tags, name, {}, &Tag::first);
}

}  // namespace

void set(Tags& tags, std::string_view name, std::string_view value) {
  const auto at = place_of(tags, name);
  if (at != tags.end() && at->first == name)
    at->second = value;
  else
    tags.emplace(at, name, value);
}

void add(Tags& tags, std::string_view name, std::string_view value) {
  const auto at = place_of(tags, name);
  if (at == tags.end() || at->first != name) tags.emplace(at, name, value);
}

const std::string* find(const Tags& tags, std::string_view name) {
  const auto at = std::ranges::lower_bound(tags, name, {}, &Tag::first);
  return at != tags.end() && at->first == name ? &at->second : nullptr;
}

std::uint64_t hash_of(const Tags& tags) {
  std::size_t hash = tags.size();
  for (const auto& [name, value] : tags)
    for (const std::string* text : {&name, &value})
      hash = hash * kFactor + std::hash<std::string>()(*text);
  return hash;
}

std::string as_labels(const Tags& tags) {
  Tags labels;
  for (const auto& [name, value] : tags) {
    const std::string label = allowed(name, false);
    if (!label.empty() && !label.starts_with(kReserved) && !value.empty())
      add(labels, label, value);
  }
  if (labels.empty()) return " ";
  std::string text = "{";
  for (const auto& [name, value] : labels) store::append_label(text, name, value);
  return text + "} ";
}

std::string as_metric_name(std::string_view name, unsigned version) {
  return version == 1 ? replaced(name) : allowed(name, true);
}

}  // namespace hostmeter::contract::telegraf
