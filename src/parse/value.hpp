// A single value, as Telegraf's format "value" has it: the last word of the output.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "parse/measurement.hpp"

namespace hostmeter::parse {

enum class ValueType : std::uint8_t {
  integer,
  real,
  string,  // all of the output
  boolean,
  auto_integer,  // or, when it is none, a string of the last word
  auto_real,
};

struct ValueOptions {
  ValueType type = ValueType::integer;
  std::string field = "value";
  friend bool operator==(const ValueOptions&, const ValueOptions&) = default;
};

// As Telegraf's data_type spells it. Nothing: no such type.
std::optional<ValueType> value_type(std::string_view data_type);

// name: of the measurement. An empty output is none, and nothing is wrong with it.
void parse_value(std::string_view text, std::string_view name, const ValueOptions& options,
                 MeasurementSink& sink);

}  // namespace hostmeter::parse
