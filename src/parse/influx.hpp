// InfluxDB's line protocol: NAME,TAG=VALUE FIELD=VALUE TIME.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "parse/measurement.hpp"

namespace hostmeter::parse {

class InfluxParser {
 public:
  struct Limits {
    std::size_t line = 64U << 10;  // bytes, with those that a string in quotes goes on over
    std::size_t tags = 64;         // of one measurement
  };

  InfluxParser() : InfluxParser(Limits()) {}
  explicit InfluxParser(Limits limits) : limits_(limits) {}

  // A whole output; its last line need not have an end. Takes time in proportion to its size, and
  // allocates nothing once it has seen the like.
  void parse(std::string_view text, MeasurementSink& sink);

 private:
  using Why = std::string_view;  // empty: nothing is wrong

  Why parse_measurement(std::string_view& rest, Measurement& made);
  Why parse_tags(std::string_view& rest);
  Why parse_fields(std::string_view& rest);
  Why parse_field_value(std::string_view& rest, FieldValue& value);
  Why parse_string(std::string_view& rest, std::string_view& value);
  std::string_view take_word(std::string_view& rest, std::uint8_t stops);

  const Limits limits_;
  std::vector<Label> tags_;
  std::vector<Field> fields_;
  std::string unescaped_;  // what views of one measurement point to that had escapes
};

}  // namespace hostmeter::parse
