// Measurements as lines of text, to compare them.
#pragma once
#include <cstdio>
#include <string>
#include <vector>

#include "parse/measurement.hpp"

namespace hostmeter::parse {

// "LINE NAME TAG=VALUE … | FIELD=VALUE …", with i, u, true, false and quotes as influx has them.
struct ToldMeasurements final : MeasurementSink {
  std::vector<std::string> lines;

  void on_measurement(std::size_t line, const Measurement& measurement) override {
    std::string text(measurement.name);
    for (const Label& tag : measurement.tags)
      text += " " + std::string(tag.name) + "=" + std::string(tag.value);
    text += " |";
    for (const Field& field : measurement.fields)
      text += " " + std::string(field.name) + "=" + shown(field.value);
    if (measurement.time_ns) text += " @" + std::to_string(*measurement.time_ns);
    lines.push_back(std::to_string(line) + " " + text);
  }
  void on_bad_line(std::size_t line, std::string_view why) override {
    lines.push_back(std::to_string(line) + " bad: " + std::string(why));
  }

  static std::string shown(const FieldValue& value) {
    if (const auto* text = std::get_if<std::string_view>(&value))
      return '"' + std::string(*text) + '"';
    if (const auto* is = std::get_if<bool>(&value)) return *is ? "true" : "false";
    if (const auto* integer = std::get_if<std::int64_t>(&value))
      return std::to_string(*integer) + "i";
    if (const auto* natural = std::get_if<std::uint64_t>(&value))
      return std::to_string(*natural) + "u";
    char digits[32];
    std::snprintf(digits, sizeof digits, "%g", std::get<double>(value));
    return digits;
  }
};

}  // namespace hostmeter::parse
