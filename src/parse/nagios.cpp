#include "parse/nagios.hpp"

#include <algorithm>
#include <limits>
#include <string>
#include <vector>

#include "hostmeter/base/utf8.hpp"

namespace hostmeter::parse {
namespace {

constexpr std::string_view kBlanks = " \t\v\f\r";
constexpr double kInfinity = std::numeric_limits<double>::infinity();

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

// What stands before `end`, which is left out of both.
std::string_view take_until(std::string_view& rest, char end) {
  const std::size_t size = std::min(rest.find(end), rest.size());
  const std::string_view taken = rest.substr(0, size);
  rest.remove_prefix(std::min(size + 1, rest.size()));
  return taken;
}

// In single quotes, of which two are one inside of them.
void take_quoted(std::string_view& rest, std::string& text) {
  rest.remove_prefix(1);
  for (;;) {
    text += take_until(rest, '\'');
    if (!rest.starts_with('\'')) return;
    text += '\'';
    rest.remove_prefix(1);
  }
}

bool is_of_number(char c) {
  return (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '+' || c == 'e' || c == 'E';
}

struct Range {
  double low = 0, high = kInfinity;
  bool is_inside = false;  // of it is bad, not outside
};

// [@][low:][high]; "~" is without a lower bound, nothing as high without an upper.
bool parse_range(std::string_view text, Range& range) {
  if (text.starts_with('@')) {
    range.is_inside = true;
    text.remove_prefix(1);
  }
  const std::size_t colon = text.find(':');
  if (colon != std::string_view::npos) {
    const std::string_view low = text.substr(0, colon);
    if (low == "~")
      range.low = -kInfinity;
    else if (!low.empty() && !to_value(low, range.low))
      return false;
    text.remove_prefix(colon + 1);
    if (text.empty()) return true;
  }
  return to_value(text, range.high);
}

class Plugin {
 public:
  explicit Plugin(MeasurementSink& sink) : sink_(sink) {}

  void parse(std::string_view text, std::size_t longest);
  void finish(int exit_status);

 private:
  using Why = std::string_view;  // empty: nothing is wrong

  Why parse_line(std::string_view line);
  void parse_figures(std::string_view rest);
  Why parse_figure(std::string_view& rest);
  Why parse_value(std::string_view text);
  bool add_range(std::string_view text, bool is_warning);
  bool add_number(std::string_view text, std::string_view name);
  void append(std::string_view text);

  MeasurementSink& sink_;
  std::size_t line_ = 0;
  std::string_view first_text_;
  std::string long_text_, label_;
  std::string_view unit_;
  bool figures_only_ = false;  // behind the second '|'
  std::vector<Field> fields_;
};

void Plugin::parse(std::string_view text, std::size_t longest) {
  while (!text.empty()) {
    ++line_;
    const std::string_view line = take_until(text, '\n');
    Why why;
    if (line.size() > longest)
      why = "the line is too long";
    else if (!is_utf8(line))
      why = "the line is not UTF-8";
    else
      why = parse_line(line);
    if (!why.empty()) sink_.on_bad_line(line_, why);
  }
}

Plugin::Why Plugin::parse_line(std::string_view line) {
  if (figures_only_) {
    parse_figures(line);
    return {};
  }
  const bool has_figures = line.find('|') != std::string_view::npos;
  const std::string_view text = trimmed(take_until(line, '|'));
  if (line_ == 1) {
    if (line.find('|') != std::string_view::npos) return "more than one '|'";
    first_text_ = text;
  } else {
    append(text);
    figures_only_ = has_figures;
  }
  parse_figures(line);
  return {};
}

void Plugin::append(std::string_view text) {
  if (!long_text_.empty()) long_text_ += '\n';
  long_text_ += text;
}

void Plugin::parse_figures(std::string_view rest) {
  for (;;) {
    const std::size_t first = rest.find_first_not_of(kBlanks);
    if (first == std::string_view::npos) return;
    rest.remove_prefix(first);
    if (const Why why = parse_figure(rest); !why.empty()) sink_.on_bad_line(line_, why);
  }
}

Plugin::Why Plugin::parse_figure(std::string_view& rest) {
  label_.clear();
  unit_ = {};
  fields_.clear();
  if (rest.front() == '\'') {
    take_quoted(rest, label_);
    if (!rest.starts_with('=')) {
      rest.remove_prefix(std::min(rest.find_first_of(kBlanks), rest.size()));
      return "'=' has to follow the label of a figure";
    }
    rest.remove_prefix(1);
  } else {
    if (rest.find('=') == std::string_view::npos) {
      rest = {};
      return "a figure has no '='";
    }
    label_ = trimmed(take_until(rest, '='));
  }
  const std::size_t size = std::min(rest.find_first_of(kBlanks), rest.size());
  const std::string_view value = rest.substr(0, size);
  rest.remove_prefix(size);
  if (label_.empty()) return "a figure has no label";
  return parse_value(value);
}

// value[unit];warn;crit;min;max. "U": the plugin could not tell.
Plugin::Why Plugin::parse_value(std::string_view text) {
  std::string_view value = take_until(text, ';');
  if (value == "U") return {};
  std::size_t size = 0;
  while (size < value.size() && is_of_number(value[size])) ++size;
  unit_ = value.substr(size);
  if (!add_number(value.substr(0, size), "value")) return "a figure's value is no number";
  const std::string_view warning = take_until(text, ';'), critical = take_until(text, ';'),
                         min = take_until(text, ';'), max = take_until(text, ';');
  if (!add_range(warning, true) || !add_range(critical, false)) return "a figure's range is none";
  if ((!min.empty() && !add_number(min, "min")) || (!max.empty() && !add_number(max, "max")))
    return "a figure's least or most is no number";
  Label tags[2] = {{"perfdata", label_}, {"unit", unit_}};
  sink_.on_measurement(
      line_, {.name = "nagios", .tags = {tags, unit_.empty() ? 1U : 2U}, .fields = fields_});
  return {};
}

bool Plugin::add_number(std::string_view text, std::string_view name) {
  double number = 0;
  if (!to_value(text, number)) return false;
  fields_.push_back({name, number});
  return true;
}

bool Plugin::add_range(std::string_view text, bool is_warning) {
  if (text.empty()) return true;
  Range range;
  if (!parse_range(text, range)) return false;
  const std::string_view low = range.is_inside ? (is_warning ? "warning_le" : "critical_le")
                                               : (is_warning ? "warning_lt" : "critical_lt");
  const std::string_view high = range.is_inside ? (is_warning ? "warning_ge" : "critical_ge")
                                                : (is_warning ? "warning_gt" : "critical_gt");
  fields_.push_back({low, range.low});
  fields_.push_back({high, range.high});
  return true;
}

void Plugin::finish(int exit_status) {
  fields_.assign({{"service_output", first_text_}, {"state", std::int64_t{exit_status}}});
  if (!long_text_.empty()) fields_.push_back({"long_service_output", std::string_view(long_text_)});
  sink_.on_measurement(1, {.name = "nagios_state", .fields = fields_});
}

}  // namespace

void parse_nagios(std::string_view text, int exit_status, NagiosLimits limits,
                  MeasurementSink& sink) {
  Plugin plugin(sink);
  plugin.parse(text, limits.line);
  plugin.finish(exit_status);
}

}  // namespace hostmeter::parse
