#include "parse/telegraf_names.hpp"

#include <algorithm>

#include "hostmeter/base/utf8.hpp"

namespace hostmeter::parse {
namespace {

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

bool is_of_name(char c, bool with_colon) {
  return is_letter(c) || (c >= '0' && c <= '9') || (with_colon && c == ':');
}

// One '_' for a character that may not be there, however many bytes it has.
void append_replaced(std::string_view text, bool with_colon, std::string& out) {
  while (!text.empty()) {
    out += is_of_name(text.front(), with_colon) ? text.front() : '_';
    text.remove_prefix(std::max(utf8_length(text), std::size_t{1}));
  }
}

// A first character that may not be there is left out, and so is '_' at both ends.
bool mend(std::string& out, std::size_t first, bool with_colon) {
  const std::string text = out.substr(first);
  out.resize(first);
  const std::size_t length = std::max(utf8_length(text), std::size_t{1});
  const bool begins_well = is_letter(text.front()) || (with_colon && text.front() == ':');
  append_replaced(std::string_view(text).substr(begins_well ? 0 : std::min(length, text.size())),
                  with_colon, out);
  std::size_t blanks = first;
  while (blanks < out.size() && out[blanks] == '_') ++blanks;
  out.erase(first, blanks - first);
  while (out.size() > first && out.back() == '_') out.pop_back();
  // Behind a '_' that went there may be what cannot begin a name.
  if (out.size() == first) return false;
  if (is_letter(out[first]) || (with_colon && out[first] == ':')) return true;
  out.resize(first);
  return false;
}

}  // namespace

bool append_metric_name(MetricVersion version, std::string_view measurement, std::string_view field,
                        std::string& out) {
  const std::size_t first = out.size();
  if (field.empty()) return false;
  if (version == MetricVersion::v1) {
    append_replaced(measurement, true, out);
    if (field != "value") {
      out += '_';
      append_replaced(field, true, out);
    }
    if (out.size() > first && is_letter(out[first])) return true;
    out.resize(first);
    return false;
  }
  if (measurement != "prometheus") {
    out += measurement;
    out += '_';
  }
  out += field;
  return is_metric_name(std::string_view(out).substr(first)) || mend(out, first, true);
}

bool append_label_name(std::string_view tag, std::string& out) {
  if (tag.empty() || tag.starts_with("__")) return false;
  const std::size_t first = out.size();
  out += tag;
  return is_label_name(tag) || mend(out, first, false);
}

std::optional<double> sample_value(MetricVersion version, const FieldValue& value) {
  if (const auto* real = std::get_if<double>(&value)) return *real;
  if (const auto* integer = std::get_if<std::int64_t>(&value)) return double(*integer);
  if (const auto* natural = std::get_if<std::uint64_t>(&value)) return double(*natural);
  const auto* boolean = std::get_if<bool>(&value);
  if (!boolean || version == MetricVersion::v1) return {};
  return *boolean ? 1.0 : 0.0;
}

}  // namespace hostmeter::parse
