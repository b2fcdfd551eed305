#include "config/telegraf/option.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <sstream>

#include "config/nearest.hpp"
#include "config/telegraf/go_duration.hpp"

namespace hostmeter::config::telegraf {
namespace {

constexpr std::size_t kMostWords = 1'000;
constexpr std::size_t kMostTags = 64;
constexpr std::size_t kLongestString = 4'096;

constexpr std::string_view kTrue[] = {"1", "t", "T", "true", "TRUE", "True"};
constexpr std::string_view kFalse[] = {"0", "f", "F", "false", "FALSE", "False"};

bool is_in(std::string_view word, std::span<const std::string_view> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

std::string quoted(std::string_view text) {
  return '"' + printable(text) + '"';
}

std::string one_of(std::span<const std::string_view> choices, std::string_view quote) {
  std::string text;
  for (std::size_t i = 0; i < choices.size(); ++i) {
    if (i > 0) text += i + 1 == choices.size() ? " or " : ", ";
    text.append(quote).append(choices[i]).append(quote);
  }
  return text;
}

bool refuse(const Value& value, const toml::node& at, const std::string& wrong,
            const std::string& mend, Report& report) {
  report.add(Effect::differs, at.source().begin, value.what,
             wrong + ": taken as not written; " + mend);
  return false;
}

bool refuse_type(const Value& value, const std::string& mend, Report& report) {
  return refuse(value, value.node, "is " + std::string(in_words(value.node.type())), mend, report);
}

constexpr const char* kWriteDuration = "write a duration such as \"15s\"";

// A string of a list or table, or nothing and it is said.
const std::string* string_in(const Value& value, const toml::node& node, Report& report) {
  const auto* text = node.as_string();
  if (!text) {
    refuse(value, node, "holds " + std::string(in_words(node.type())), "write strings", report);
    return nullptr;
  }
  if (text->get().size() > kLongestString) {
    refuse(value, node, "holds a string longer than 4096 bytes", "shorten it", report);
    return nullptr;
  }
  return &text->get();
}

// Those of a list that are right; nothing when it is no list.
std::optional<std::vector<std::string>> strings_in(const Value& value, const toml::node& list,
                                                   Report& report) {
  const toml::array* array = list.as_array();
  if (!array) {
    refuse(value, list, "is " + std::string(in_words(list.type())),
           "write a list such as [\"a\", \"b\"]", report);
    return {};
  }
  if (array->size() > kMostWords) {
    refuse(value, list, "has more than 1000 entries", "use globs", report);
    return {};
  }
  std::vector<std::string> words;
  for (const toml::node& node : *array) {
    const std::string* word = string_in(value, node, report);
    if (!word) continue;
    if (value.choices.empty() || is_in(*word, value.choices))
      words.push_back(*word);
    else
      refuse(value, node, quoted(*word) + " is unknown", "write " + one_of(value.choices, "\""),
             report);
  }
  return words;
}

bool is_nothing(const toml::node& node, std::string_view unless) {
  if (unless.empty()) return false;
  std::ostringstream text;
  if (const auto* string = node.as_string())
    text << '"' << string->get() << '"';
  else if (const auto* boolean = node.as_boolean())
    text << (boolean->get() ? "true" : "false");
  else if (const auto* array = node.as_array())
    text << (array->empty() ? "[]" : "[...]");
  else if (const auto* number = node.as_integer())
    text << number->get();
  return text.str() == unless;
}

std::optional<double> number_in(std::string_view text) {
  double number = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool is_whole = failure == std::errc() && end == text.data() + text.size();
  return is_whole ? std::optional(number) : std::nullopt;
}

std::string folded(std::string_view name) {
  std::string text;
  for (const char c : name)
    if (c != '_') text += c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c;
  return text;
}

}  // namespace

bool is_name(std::string_view name, std::string_view typed) {
  return name == typed || folded(name) == folded(typed);
}

toml::table::const_iterator find_option(const toml::table& table, std::string_view name) {
  return std::find_if(table.begin(), table.end(),
                      [&](const auto& entry) { return is_name(name, entry.first.str()); });
}

bool set(bool& target, const Value& value, Report& report) {
  if (const auto* boolean = value.node.as_boolean()) {
    target = boolean->get();
    return true;
  }
  const auto* text = value.node.as_string();
  const bool is_true = text && is_in(text->get(), kTrue);
  if (is_true || (text && is_in(text->get(), kFalse))) {
    target = is_true;
    return true;
  }
  return refuse_type(value, "write true or false", report);
}

bool set(std::uint64_t& target, const Value& value, Report& report) {
  const auto* text = value.node.as_string();
  if (!text && !value.node.is_number()) return refuse_type(value, kWriteDuration, report);
  if (text && text->get().empty()) return true;  // as in Telegraf's own examples: not set
  const std::string written = text ? text->get() : std::string();
  // A number without a unit is seconds, also as a string.
  if (const auto seconds = text ? number_in(written) : value.node.value<double>()) {
    if (!(*seconds >= 0 && *seconds < 9e9))
      return refuse(value, value.node, "is out of range", kWriteDuration, report);
    target = std::uint64_t(*seconds * 1e9);
    return true;
  }
  const auto ns = parse_go_duration(written);
  if (!ns)
    return refuse(value, value.node, quoted(written) + " is no duration", kWriteDuration, report);
  target = *ns;
  return true;
}

bool set(std::optional<std::uint64_t>& target, const Value& value, Report& report) {
  std::uint64_t ns = target.value_or(0);
  if (!set(ns, value, report)) return false;
  // To Telegraf, none of its own is what the agent has.
  target = ns > 0 ? std::optional(ns) : std::nullopt;
  return true;
}

bool set(std::uint32_t& target, const Value& value, Report& report) {
  const std::string mend =
      value.choices.empty() ? "write a whole number" : "write " + one_of(value.choices, "");
  const auto* number = value.node.as_integer();
  if (!number) return refuse_type(value, mend, report);
  const std::int64_t n = number->get();
  const bool fits = n >= 0 && n <= std::numeric_limits<std::uint32_t>::max();
  if (!fits || (!value.choices.empty() && !is_in(std::to_string(n), value.choices)))
    return refuse(value, value.node, std::to_string(n) + " is unknown", mend, report);
  target = std::uint32_t(n);
  return true;
}

bool set(std::string& target, const Value& value, Report& report) {
  const auto* text = value.node.as_string();
  if (!text) return refuse_type(value, "write a string", report);
  if (text->get().size() > kLongestString)
    return refuse(value, value.node, "is longer than 4096 bytes", "shorten it", report);
  if (!value.choices.empty() && !is_in(text->get(), value.choices))
    return refuse(value, value.node, quoted(text->get()) + " is unknown",
                  "write " + one_of(value.choices, "\""), report);
  target = text->get();
  return true;
}

bool set(std::vector<std::string>& target, const Value& value, Report& report) {
  auto words = strings_in(value, value.node, report);
  if (!words) return false;
  if (value.appends) words->insert(words->begin(), target.begin(), target.end());
  target = std::move(*words);
  return true;
}

bool set(Tags& target, const Value& value, Report& report) {
  const toml::table* table = value.node.as_table();
  if (!table) return refuse_type(value, "write a table of strings", report);
  if (table->size() > kMostTags)
    return refuse(value, value.node, "has more than 64 entries", "remove some", report);
  for (const auto& [key, node] : *table) {
    const std::string* text = string_in(value, node, report);
    if (!text) continue;
    const std::string_view name = key.str();
    const auto same = std::find_if(target.begin(), target.end(),
                                   [&](const auto& tag) { return tag.first == name; });
    if (same != target.end())
      same->second = *text;
    else
      target.emplace_back(name, *text);
  }
  std::sort(target.begin(), target.end());
  return true;
}

bool set(std::vector<TagFilter>& target, const Value& value, Report& report) {
  const toml::table* table = value.node.as_table();
  if (!table) return refuse_type(value, "write a table of lists", report);
  if (table->size() > kMostTags)
    return refuse(value, value.node, "has more than 64 entries", "remove some", report);
  for (const auto& [key, node] : *table)
    if (auto globs = strings_in(value, node, report))
      target.push_back({std::string(key.str()), std::move(*globs)});
  return true;
}

void say(const Unsupported& unsupported, const Value& value, Report& report) {
  if (is_nothing(value.node, unsupported.unless)) return;
  report.add(unsupported.effect, value.key, value.what, std::string(unsupported.instead));
}

void say_unknown(const Value& value, std::string_view key, std::span<const std::string_view> known,
                 Report& report) {
  const std::string_view meant = nearest(key, known);
  report.add(
      Effect::differs, value.key, value.what,
      "is unknown, and to Telegraf a reason not to start: has no effect; " +
          (meant.empty() ? std::string("remove it") : "did you mean " + quoted(meant) + '?'));
}

}  // namespace hostmeter::config::telegraf
