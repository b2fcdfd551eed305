#include "parse/value.hpp"

#include <algorithm>
#include <charconv>

#include "hostmeter/base/utf8.hpp"

namespace hostmeter::parse {
namespace {

constexpr std::string_view kBlanks = " \t\n\v\f\r";

bool to_integer(std::string_view text, FieldValue& value) {
  if (text.starts_with('+') && !text.starts_with("+-")) text.remove_prefix(1);
  std::int64_t number = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failure != std::errc{} || end != text.data() + text.size()) return false;
  value = number;
  return true;
}

bool to_real(std::string_view text, FieldValue& value) {
  double number = 0;
  if (!to_value(text, number)) return false;
  value = number;
  return true;
}

bool to_boolean(std::string_view text, FieldValue& value) {
  for (const std::string_view word : {"1", "t", "T", "true", "True", "TRUE"})
    if (text == word) return value = true, true;
  for (const std::string_view word : {"0", "f", "F", "false", "False", "FALSE"})
    if (text == word) return value = false, true;
  return false;
}

// Empty: nothing is wrong.
std::string_view read(std::string_view word, ValueType type, FieldValue& value) {
  switch (type) {
    case ValueType::integer:
      return to_integer(word, value) ? "" : "the last word is no integer";
    case ValueType::real:
      return to_real(word, value) ? "" : "the last word is no number";
    case ValueType::boolean:
      return to_boolean(word, value) ? "" : "the last word is neither true nor false";
    case ValueType::string:
      value = word;
      break;
    case ValueType::auto_integer:
      if (!to_integer(word, value)) value = word;
      break;
    case ValueType::auto_real:
      if (!to_real(word, value)) value = word;
      break;
  }
  return {};
}

}  // namespace

std::optional<ValueType> value_type(std::string_view data_type) {
  struct Name {
    std::string_view name;
    ValueType type;
  };
  constexpr Name kNames[] = {
      {"", ValueType::integer},
      {"int", ValueType::integer},
      {"integer", ValueType::integer},
      {"float", ValueType::real},
      {"long", ValueType::real},
      {"str", ValueType::string},
      {"string", ValueType::string},
      {"bool", ValueType::boolean},
      {"boolean", ValueType::boolean},
      {"auto_integer", ValueType::auto_integer},
      {"auto_float", ValueType::auto_real},
  };
  for (const Name& one : kNames)
    if (one.name == data_type) return one.type;
  return {};
}

void parse_value(std::string_view text, std::string_view name, const ValueOptions& options,
                 MeasurementSink& sink) {
  const std::string_view all = text;
  while (text.starts_with('\0')) text.remove_prefix(1);
  while (text.ends_with('\0')) text.remove_suffix(1);
  const std::size_t last = text.find_last_not_of(kBlanks);
  if (last == std::string_view::npos) return;
  text = text.substr(0, last + 1);
  const std::size_t before = options.type == ValueType::string ? text.find_first_not_of(kBlanks)
                                                               : text.find_last_of(kBlanks) + 1;
  text.remove_prefix(before);
  const std::size_t line = 1 + std::size_t(std::count(all.data(), text.data(), '\n'));
  if (!is_utf8(text)) return sink.on_bad_line(line, "the value is not UTF-8");
  Field field{options.field, {}};
  if (const auto why = read(text, options.type, field.value); !why.empty())
    return sink.on_bad_line(line, why);
  sink.on_measurement(line, {.name = name, .fields = {&field, 1}});
}

}  // namespace hostmeter::parse
