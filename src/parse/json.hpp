// JSON as Telegraf reads it: an object, or an array of objects, each a measurement.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "parse/measurement.hpp"

namespace hostmeter::parse {

// As Telegraf's options of these names. Keys are as fields are called: a key within a key is
// OUTER_INNER, an element of an array ARRAY_0.
struct JsonOptions {
  // The way to what is read: keys and numbers of elements, parted by '.', of which "\." is one in a
  // key. All else that GJSON has is not understood.
  std::string query{};
  std::vector<std::string> tag_keys{};       // globs: these are tags
  std::vector<std::string> string_fields{};  // globs: strings and booleans that are fields
  std::string name_key{};                    // a string that is the measurement's name
  std::string time_key{};                    // is no field; what is served is of now
  bool strict = true;                        // an element that is no object costs the whole output
  friend bool operator==(const JsonOptions&, const JsonOptions&) = default;
};

struct JsonLimits {
  std::size_t bytes = 4U << 20;
  std::size_t depth = 32;
  std::size_t values = 10'000;  // of one object
  std::size_t tags = 64;        // likewise
  std::size_t name = 512;       // bytes of a field's name
};

// Whether json_query can be this. Else why not, a literal.
std::string_view wrong_with_query(std::string_view query);

// name: of measurements that have none of their own. An output that is no JSON to its end gives
// nothing at all; an empty one is none, and nothing is wrong with it. Takes time in proportion to
// the size of the text.
void parse_json(std::string_view text, std::string_view name, const JsonOptions& options,
                const JsonLimits& limits, MeasurementSink& sink);

}  // namespace hostmeter::parse
