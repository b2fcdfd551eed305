// What Telegraf's formats say: measurements with tags and fields, of no type that anybody told.
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <variant>

#include "parse/exposition.hpp"

namespace hostmeter::parse {

using FieldValue = std::variant<double, std::int64_t, std::uint64_t, bool, std::string_view>;

struct Field {
  std::string_view name;
  FieldValue value;
  friend bool operator==(const Field&, const Field&) = default;
};

// All text is UTF-8. Tags and fields may come in any order, a field twice.
struct Measurement {
  std::string_view name;
  std::span<const Label> tags{};
  std::span<const Field> fields{};
  std::optional<std::int64_t> time_ns{};  // only to tell which of two is the newer one
};

// Told of each measurement, in order. Lines are numbered from 1, that of a measurement is where it
// begins; what is passed lives as long as the call.
class MeasurementSink {
 public:
  virtual ~MeasurementSink() = default;
  virtual void on_measurement(std::size_t line, const Measurement&) = 0;
  // why: a string literal. What stands there is of no other consequence.
  virtual void on_bad_line(std::size_t line, std::string_view why) = 0;
};

}  // namespace hostmeter::parse
