// One option of a plugin, declared once: its name, what values it takes, and where they go.
#pragma once
#include <algorithm>
#include <span>
#include <type_traits>
#include <variant>

#include "config/telegraf/report.hpp"

namespace hostmeter::config::telegraf {

// An option that is accepted and does nothing here.
struct Unsupported {
  Effect effect;
  std::string_view unless;  // its value, as TOML, that asks for nothing; empty: there is none
  std::string_view instead;
};

// An option that is read in a way of its own.
struct ReadElsewhere {};

// Which member of T an option sets. Whole nanoseconds are durations, 32 bits are a number.
template <class T>
using Target = std::variant<bool T::*, std::uint64_t T::*, std::optional<std::uint64_t> T::*,
                            std::uint32_t T::*, std::string T::*, std::vector<std::string> T::*,
                            Tags T::*, std::vector<TagFilter> T::*, Unsupported, ReadElsewhere>;

template <class T>
struct Option {
  std::string_view name;
  Target<T> target;
  std::span<const std::string_view> choices{};  // empty: any; of numbers, "1", "2"...
  bool appends = false;                         // to a list that another option may have set
};

// A value with all that is needed to say what is wrong with it.
struct Value {
  const toml::node& node;
  toml::source_position key;
  std::string what;  // "inputs.cpu.percpu"
  std::span<const std::string_view> choices;
  bool appends;
};

// Each puts the value in its place, or says why not and leaves what is there; whether it did.
bool set(bool& target, const Value& value, Report& report);
bool set(std::uint64_t& target, const Value& value, Report& report);
bool set(std::optional<std::uint64_t>& target, const Value& value, Report& report);
bool set(std::uint32_t& target, const Value& value, Report& report);
bool set(std::string& target, const Value& value, Report& report);
bool set(std::vector<std::string>& target, const Value& value, Report& report);
bool set(Tags& target, const Value& value, Report& report);
bool set(std::vector<TagFilter>& target, const Value& value, Report& report);
void say(const Unsupported& unsupported, const Value& value, Report& report);

// Whether somebody who writes `typed` means `name`: Telegraf takes names of options in any case,
// and without their underscores.
bool is_name(std::string_view name, std::string_view typed);

// The option of that name in a table, or its end.
toml::table::const_iterator find_option(const toml::table& table, std::string_view name);

enum class Took { no, value, nothing };

// Gives a value to the option of that name, if there is one.
template <class T>
Took take(std::span<const Option<T>> options, std::string_view key, Value value, T& to,
          Report& report) {
  for (const Option<T>& option : options) {
    if (!is_name(option.name, key)) continue;
    value.choices = option.choices;
    value.appends = option.appends;
    return std::visit(
        [&](const auto& target) {
          if constexpr (std::is_same_v<std::decay_t<decltype(target)>, Unsupported>) {
            say(target, value, report);
            return Took::nothing;
          } else if constexpr (std::is_same_v<std::decay_t<decltype(target)>, ReadElsewhere>) {
            return Took::value;
          } else {
            return set(to.*target, value, report) ? Took::value : Took::nothing;
          }
        },
        option.target);
  }
  return Took::no;
}

// Options of one kind, and what they are set in.
template <class T>
struct Part {
  std::span<const Option<T>> options;
  T& to;
};
template <class Rows, class T>
Part(const Rows&, T&) -> Part<T>;

void say_unknown(const Value& value, std::string_view key, std::span<const std::string_view> known,
                 Report& report);

// Reads a whole table, each of its keys by the first part that has it. name: "inputs.cpu".
template <class... T>
void read_options(const toml::table& table, std::string_view name, Origin& origin, Report& report,
                  Part<T>... parts) {
  for (const auto& [key, node] : table) {
    const std::string_view typed = key.str();
    const Value value{node, key.source().begin, std::string(name) + '.' + printable(typed), {}, {}};
    Took took = Took::no;
    ((took = took == Took::no ? take(parts.options, typed, value, parts.to, report) : took), ...);
    if (took == Took::value) origin.options.emplace_back(typed, report.place(value.key));
    if (took != Took::no) continue;
    std::vector<std::string_view> known;
    ((std::for_each(parts.options.begin(), parts.options.end(),
                    [&](const auto& option) { known.push_back(option.name); })),
     ...);
    say_unknown(value, typed, known, report);
  }
}

}  // namespace hostmeter::config::telegraf
