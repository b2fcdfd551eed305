#include "parse/exposition.hpp"

#include <array>
#include <charconv>
#include <cstring>
#include <limits>
#include <utility>

#include "hostmeter/base/utf8.hpp"
#include "parse/quoted.hpp"

namespace hostmeter::parse {
namespace {

enum : std::uint8_t { kFirst = 1, kLater = 2, kColon = 4 };  // where in a name a byte may be

constexpr std::array<std::uint8_t, 256> name_bytes() {
  std::array<std::uint8_t, 256> bytes{};
  for (unsigned c = 'a'; c <= 'z'; ++c) bytes[c] = bytes[c - 'a' + 'A'] = kFirst | kLater;
  for (unsigned c = '0'; c <= '9'; ++c) bytes[c] = kLater;
  bytes['_'] = kFirst | kLater;
  bytes[':'] = kColon;
  return bytes;
}
constexpr std::array<std::uint8_t, 256> kNameBytes = name_bytes();

std::uint8_t name_byte(char c) {
  return kNameBytes[static_cast<unsigned char>(c)];
}

// What a name could be made of, from the front.
std::string_view take_name(std::string_view& rest, std::uint8_t also) {
  std::size_t size = 0;
  while (size < rest.size() && (name_byte(rest[size]) & (kLater | also)) != 0) ++size;
  const std::string_view name = rest.substr(0, size);
  rest.remove_prefix(size);
  return name;
}

bool begins_as_name(std::string_view name, std::uint8_t also) {
  return !name.empty() && (name_byte(name.front()) & (kFirst | also)) != 0;
}

bool is_blank(char c) {
  return c == ' ' || c == '\t';
}

void skip_blanks(std::string_view& text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
}

std::string_view take_word(std::string_view& rest) {
  std::size_t size = 0;
  while (size < rest.size() && !is_blank(rest[size])) ++size;
  const std::string_view word = rest.substr(0, size);
  rest.remove_prefix(size);
  return word;
}

constexpr std::pair<std::string_view, MetricType> kTypes[] = {
    {"untyped", MetricType::unknown},
    {"counter", MetricType::counter},
    {"gauge", MetricType::gauge},
    {"histogram", MetricType::histogram},
    {"summary", MetricType::summary},
    {"unknown", MetricType::unknown},
    {"info", MetricType::info},
    {"stateset", MetricType::stateset},
    {"gaugehistogram", MetricType::gauge_histogram},
};
constexpr std::size_t kPrometheusTypes = 5;

bool is_word(std::string_view text, std::string_view lower) {
  if (text.size() != lower.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i)
    if ((text[i] | 0x20) != lower[i]) return false;
  return true;
}

}  // namespace

bool is_metric_name(std::string_view text) {
  std::string_view rest = text;
  return begins_as_name(text, kColon) && take_name(rest, kColon) == text;
}

bool is_label_name(std::string_view text) {
  std::string_view rest = text;
  return begins_as_name(text, 0) && take_name(rest, 0) == text;
}

bool to_value(std::string_view text, double& value) {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  if (text.empty()) return false;
  const bool is_number = (text.front() >= '0' && text.front() <= '9') || text.front() == '.';
  if (!is_number) {
    constexpr double kInfinity = std::numeric_limits<double>::infinity();
    if (is_word(text, "nan"))
      value = std::numeric_limits<double>::quiet_NaN();
    else if (is_word(text, "inf") || is_word(text, "infinity"))
      value = negative ? -kInfinity : kInfinity;
    else
      return false;
    return true;
  }
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failure != std::errc{} || end != text.data() + text.size()) return false;
  if (negative) value = -value;
  return true;
}

void ExpositionParser::parse(std::string_view text, ExpositionSink& sink) {
  line_ = 0;
  ended_ = false;
  bool said_after_end = false;
  while (!text.empty()) {
    const void* const found = std::memchr(text.data(), '\n', text.size());
    const std::size_t size =
        found ? std::size_t(static_cast<const char*>(found) - text.data()) : text.size();
    const std::string_view line = text.substr(0, size);
    text.remove_prefix(found ? size + 1 : size);
    ++line_;
    const bool is_after_end = ended_;
    if (is_after_end && std::exchange(said_after_end, true)) continue;
    const Why why = is_after_end ? Why("something comes after \"# EOF\"")
                                 : parse_whole_line(line, found != nullptr, sink);
    if (!why.empty()) sink.on_bad_line(line_, why);
  }
  if (dialect_ == Dialect::openmetrics && !ended_)
    sink.on_bad_line(line_ + 1, "\"# EOF\" is missing: the output was cut off");
}

ExpositionParser::Why ExpositionParser::parse_whole_line(std::string_view line, bool has_end,
                                                         ExpositionSink& sink) {
  // Behind the mark of the end nothing can be cut off.
  const bool is_whole = has_end || (dialect_ == Dialect::openmetrics && line == "# EOF");
  if (!is_whole) return "the last line has no end: the output was cut off";
  if (line.size() > limits_.line) return "the line is too long";
  return parse_line(line, sink);
}

ExpositionParser::Why ExpositionParser::parse_line(std::string_view line, ExpositionSink& sink) {
  if (dialect_ == Dialect::openmetrics) {
    if (line.empty()) return "OpenMetrics has no empty lines";
  } else {
    if (line.ends_with('\r')) line.remove_suffix(1);
    skip_blanks(line);
    if (line.empty()) return {};
  }
  if (line.front() == '#') return parse_comment(line.substr(1), sink);
  return parse_sample(line, sink);
}

// Of the older format a comment that says neither HELP nor TYPE is just that.
ExpositionParser::Why ExpositionParser::parse_comment(std::string_view rest, ExpositionSink& sink) {
  const bool open = dialect_ == Dialect::openmetrics;
  if (open && rest == " EOF") {
    ended_ = true;
    return {};
  }
  skip_blanks(rest);
  const std::string_view keyword = take_word(rest);
  const bool is_known = keyword == "HELP" || keyword == "TYPE" || (open && keyword == "UNIT");
  if (!is_known) return open ? Why("a comment that OpenMetrics does not know") : Why();
  skip_blanks(rest);
  const std::string_view family = take_word(rest);
  if (!is_metric_name(family)) return "this is no name of a metric";
  if (!rest.empty()) rest.remove_prefix(1);
  if (keyword == "HELP") return parse_help(family, rest, sink);
  skip_blanks(rest);
  const std::string_view word = take_word(rest);
  skip_blanks(rest);
  if (!rest.empty()) return "more than one word follows the name";
  if (keyword == "TYPE") return parse_type(family, word, sink);
  if (!word.empty() && !(family.ends_with(word) && family.size() > word.size() &&
                         family[family.size() - word.size() - 1] == '_'))
    return "the name does not end in its unit";
  sink.on_unit(line_, family, word);
  return {};
}

ExpositionParser::Why ExpositionParser::parse_help(std::string_view family, std::string_view text,
                                                   ExpositionSink& sink) {
  if (!is_utf8(text)) return "the help is not UTF-8";
  if (text.find('\\') == std::string_view::npos) {
    sink.on_help(line_, family, text);
    return {};
  }
  help_.clear();
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char next = i + 1 < text.size() ? text[i + 1] : '\0';
    const bool is_escape = text[i] == '\\' && (next == '\\' || next == 'n' || next == '"');
    if (is_escape) ++i;
    help_ += is_escape && next == 'n' ? '\n' : text[i];
  }
  sink.on_help(line_, family, help_);
  return {};
}

ExpositionParser::Why ExpositionParser::parse_type(std::string_view family, std::string_view word,
                                                   ExpositionSink& sink) const {
  const bool open = dialect_ == Dialect::openmetrics;
  for (std::size_t i = open ? 1 : 0; i < (open ? std::size(kTypes) : kPrometheusTypes); ++i)
    if (kTypes[i].first == word) {
      sink.on_type(line_, family, kTypes[i].second);
      return {};
    }
  return "no such type of metric";
}

ExpositionParser::Why ExpositionParser::parse_sample(std::string_view line, ExpositionSink& sink) {
  std::string_view rest = line;
  Sample sample{.name = take_name(rest, kColon), .labels = {}};
  if (!begins_as_name(sample.name, kColon)) return "the line begins with no name of a metric";
  const bool open = dialect_ == Dialect::openmetrics;
  const bool is_parted = !rest.empty() && is_blank(rest.front());
  if (!open) skip_blanks(rest);
  labels_.clear();
  if (!rest.empty() && rest.front() == '{') {
    if (const Why why = labels_.take(rest, limits_.labels); !why.empty()) return why;
  } else if (!is_parted) {
    return "a blank or '{' has to follow the name";
  }
  skip_blanks(rest);
  if (!to_value(take_word(rest), sample.value)) return "the value is no number";
  if (const Why why = check_end(rest); !why.empty()) return why;
  sample.labels = labels_.all();
  sink.on_sample(line_, sample);
  return {};
}

ExpositionParser::Why ExpositionParser::Labels::take(std::string_view& rest, std::size_t limit) {
  all_.clear();
  unescaped_.clear();
  unescaped_.reserve(rest.size());  // views into it must last
  rest.remove_prefix(1);
  for (;;) {
    skip_blanks(rest);
    if (rest.empty()) return "the labels have no end";
    if (rest.front() == '}') break;
    if (all_.size() >= limit) return "too many labels";
    if (const Why why = take_label(rest); !why.empty()) return why;
    skip_blanks(rest);
    if (!rest.empty() && rest.front() == ',')
      rest.remove_prefix(1);
    else if (rest.empty() || rest.front() != '}')
      return "',' or '}' has to follow a label";
  }
  rest.remove_prefix(1);
  return {};
}

ExpositionParser::Why ExpositionParser::Labels::take_label(std::string_view& rest) {
  Label label{take_name(rest, 0), {}};
  if (!begins_as_name(label.name, 0)) return "this is no name of a label";
  skip_blanks(rest);
  if (rest.empty() || rest.front() != '=') return "'=' has to follow a label's name";
  rest.remove_prefix(1);
  skip_blanks(rest);
  if (const Why why = take_value(rest, label.value); !why.empty()) return why;
  if (const Why why = check(label.name, label.value); !why.empty()) return why;
  all_.push_back(label);
  return {};
}

ExpositionParser::Why ExpositionParser::Labels::take_value(std::string_view& rest,
                                                           std::string_view& value) {
  if (rest.empty() || rest.front() != '"') return "a label's value has to be in quotes";
  rest.remove_prefix(1);
  if (take_unescaped(rest, value)) return {};
  const std::size_t first = unescaped_.size();
  for (std::size_t i = 0; i < rest.size(); ++i) {
    char c = rest[i];
    if (c == '"') {
      value = std::string_view(unescaped_).substr(first);
      rest.remove_prefix(i + 1);
      return {};
    }
    if (c == '\\') {
      c = ++i < rest.size() ? rest[i] : '\0';
      if (c == 'n')
        c = '\n';
      else if (c != '\\' && c != '"')
        return "only \\\\, \\\" and \\n are escapes";
    }
    unescaped_ += c;
  }
  return "a label's value has no end";
}

ExpositionParser::Why ExpositionParser::Labels::check(std::string_view name,
                                                      std::string_view value) const {
  if (name.starts_with("__")) return "labels that begin with __ are Prometheus's own";
  for (const Label& other : all_)
    if (other.name == name) return "a label is there twice";
  if (!is_utf8(value)) return "a label's value is not UTF-8";
  return {};
}

// What may follow the value: a timestamp, and in OpenMetrics an exemplar.
ExpositionParser::Why ExpositionParser::check_end(std::string_view rest) {
  const bool open = dialect_ == Dialect::openmetrics;
  skip_blanks(rest);
  if (rest.empty()) return {};
  if (rest.front() != '#') {
    const std::string_view word = take_word(rest);
    double seconds = 0;
    std::int64_t ms = 0;
    const auto [end, failure] = std::from_chars(word.data(), word.data() + word.size(), ms);
    const bool is_ms = failure == std::errc{} && end == word.data() + word.size();
    if (open ? !to_value(word, seconds) : !is_ms) return "the timestamp is no number";
    skip_blanks(rest);
  }
  if (rest.empty()) return {};
  if (!open || rest.front() != '#') return "something follows the value";
  return check_exemplar(rest.substr(1));
}

ExpositionParser::Why ExpositionParser::check_exemplar(std::string_view rest) {
  skip_blanks(rest);
  if (rest.empty() || rest.front() != '{') return "an exemplar begins with its labels";
  if (const Why why = exemplar_.take(rest, limits_.labels); !why.empty()) return why;
  skip_blanks(rest);
  double number = 0;
  if (!to_value(take_word(rest), number)) return "an exemplar's value is no number";
  skip_blanks(rest);
  if (!rest.empty() && !to_value(take_word(rest), number)) return "an exemplar's time is no number";
  skip_blanks(rest);
  return rest.empty() ? Why() : Why("something follows the exemplar");
}

}  // namespace hostmeter::parse
