#include "parse/influx.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>

#include "hostmeter/base/utf8.hpp"
#include "parse/quoted.hpp"

namespace hostmeter::parse {
namespace {

// What ends a word that is not in quotes.
enum : std::uint8_t { kEndsName = 1, kEndsKey = 2 };

constexpr std::array<std::uint8_t, 256> word_ends() {
  std::array<std::uint8_t, 256> bytes{};
  for (const char c : {'\t', '\n', '\f', '\r', ' ', ','})
    bytes[static_cast<unsigned char>(c)] = kEndsName | kEndsKey;
  bytes['='] = kEndsKey;
  return bytes;
}
constexpr std::array<std::uint8_t, 256> kWordEnds = word_ends();

bool is_end(char c, std::uint8_t stops) {
  return (kWordEnds[static_cast<unsigned char>(c)] & stops) != 0;
}

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\v' || c == '\f';
}

void skip_blanks(std::string_view& text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
}

bool take(std::string_view& text, char c) {
  if (text.empty() || text.front() != c) return false;
  text.remove_prefix(1);
  return true;
}

// Before other bytes a backslash stands for itself.
bool is_escapable(char c) {
  return c == ',' || c == ' ' || c == '=' || c == '"';
}

std::size_t line_size(std::string_view text) {
  const void* const found = std::memchr(text.data(), '\n', text.size());
  return found ? std::size_t(static_cast<const char*>(found) - text.data()) : text.size();
}

template <class Number>
bool is_number(std::string_view text, Number& value) {
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  return failure == std::errc{} && end == text.data() + text.size();
}

bool is_float(std::string_view text, double& value) {
  const std::string_view digits = text.substr(text.starts_with('-') ? 1 : 0);
  if (digits.empty()) return false;
  const char first = digits.front();  // neither "inf" nor "nan"
  return (first == '.' || (first >= '0' && first <= '9')) && is_number(text, value);
}

bool is_any(std::string_view text, std::initializer_list<std::string_view> of) {
  return std::find(of.begin(), of.end(), text) != of.end();
}

}  // namespace

void InfluxParser::parse(std::string_view text, MeasurementSink& sink) {
  std::size_t line = 0;
  unescaped_.reserve(limits_.line);  // views into it must last
  while (!text.empty()) {
    ++line;
    const std::size_t size = line_size(text);
    std::string_view rest = text.substr(0, size);
    skip_blanks(rest);
    if (rest.empty() || rest.front() == '#' || rest == "\r") {
      text.remove_prefix(std::min(size + 1, text.size()));
      continue;
    }
    Measurement made;
    // A string in quotes may go on over lines.
    const std::string_view window = text.substr(0, limits_.line);
    rest = window;
    Why why = size > limits_.line ? Why("the line is too long") : parse_measurement(rest, made);
    std::size_t used = window.size() - rest.size();
    if (why.empty() && used < text.size() && text[used] != '\n') why = "the line is too long";
    if (why.empty() && !is_utf8(text.substr(0, used))) why = "the line is not UTF-8";
    if (why.empty()) {
      sink.on_measurement(line, made);
    } else {
      sink.on_bad_line(line, why);
      used = size;  // what follows it may be whole
    }
    line += std::size_t(std::count(text.data(), text.data() + used, '\n'));
    text.remove_prefix(std::min(used + 1, text.size()));
  }
}

// Leaves the end of the line in `rest`.
InfluxParser::Why InfluxParser::parse_measurement(std::string_view& rest, Measurement& made) {
  unescaped_.clear();
  tags_.clear();
  fields_.clear();
  skip_blanks(rest);
  made.name = take_word(rest, kEndsName);
  if (made.name.empty()) return "the line begins with no name of a measurement";
  if (const Why why = parse_tags(rest); !why.empty()) return why;
  if (rest.empty() || !is_blank(rest.front())) return "a blank and fields have to follow";
  skip_blanks(rest);
  if (const Why why = parse_fields(rest); !why.empty()) return why;
  skip_blanks(rest);
  std::size_t size = 0;
  while (size < rest.size() && !is_end(rest[size], kEndsName)) ++size;
  if (size > 0) {
    std::int64_t time = 0;
    if (!is_number(rest.substr(0, size), time)) return "the timestamp is no number";
    made.time_ns = time;
    rest.remove_prefix(size);
    skip_blanks(rest);
  }
  if (rest.starts_with("\r\n") || rest == "\r") rest.remove_prefix(1);
  if (!rest.empty() && rest.front() != '\n') return "something follows the fields and the time";
  made.tags = tags_;
  made.fields = fields_;
  return {};
}

InfluxParser::Why InfluxParser::parse_tags(std::string_view& rest) {
  while (take(rest, ',')) {
    if (tags_.size() >= limits_.tags) return "too many tags";
    Label tag{};
    tag.name = take_word(rest, kEndsKey);
    if (tag.name.empty()) return "a tag has no name";
    if (!take(rest, '=')) return "'=' has to follow a tag's name";
    tag.value = take_word(rest, kEndsKey);
    if (tag.value.empty()) return "a tag has no value";
    for (const Label& other : tags_)
      if (other.name == tag.name) return "a tag is there twice";
    tags_.push_back(tag);
  }
  return {};
}

InfluxParser::Why InfluxParser::parse_fields(std::string_view& rest) {
  do {
    Field field{};
    field.name = take_word(rest, kEndsKey);
    if (field.name.empty()) return "a field has no name";
    if (!take(rest, '=')) return "'=' has to follow a field's name";
    if (const Why why = parse_field_value(rest, field.value); !why.empty()) return why;
    fields_.push_back(field);
  } while (take(rest, ','));
  return {};
}

InfluxParser::Why InfluxParser::parse_field_value(std::string_view& rest, FieldValue& value) {
  if (take(rest, '"')) {
    std::string_view text;
    const Why why = parse_string(rest, text);
    value = text;
    return why;
  }
  std::size_t size = 0;
  while (size < rest.size() && !is_end(rest[size], kEndsName)) ++size;
  const std::string_view word = rest.substr(0, size);
  rest.remove_prefix(size);
  const std::string_view number = word.substr(0, word.empty() ? 0 : word.size() - 1);
  double real = 0;
  std::int64_t integer = 0;
  std::uint64_t natural = 0;
  if (word.ends_with('i') && is_number(number, integer))
    value = integer;
  else if (word.ends_with('u') && is_number(number, natural))
    value = natural;
  else if (is_float(word, real))
    value = real;
  else if (is_any(word, {"t", "T", "true", "True", "TRUE"}))
    value = true;
  else if (is_any(word, {"f", "F", "false", "False", "FALSE"}))
    value = false;
  else
    return "a field's value is neither a number nor true or false nor in quotes";
  return {};
}

InfluxParser::Why InfluxParser::parse_string(std::string_view& rest, std::string_view& value) {
  if (take_unescaped(rest, value)) return {};
  const std::size_t first = unescaped_.size();
  for (std::size_t i = 0; i < rest.size(); ++i) {
    char c = rest[i];
    if (c == '"') {
      value = std::string_view(unescaped_).substr(first);
      rest.remove_prefix(i + 1);
      return {};
    }
    const char next = i + 1 < rest.size() ? rest[i + 1] : '\0';
    if (c == '\\' && (next == '"' || next == '\\')) c = rest[++i];
    unescaped_ += c;
  }
  return "a string has no end";
}

std::string_view InfluxParser::take_word(std::string_view& rest, std::uint8_t stops) {
  std::size_t size = 0;
  while (size < rest.size() && rest[size] != '\\' && !is_end(rest[size], stops)) ++size;
  if (size == rest.size() || rest[size] != '\\') {
    const std::string_view word = rest.substr(0, size);
    rest.remove_prefix(size);
    return word;
  }
  const std::size_t first = unescaped_.size();
  unescaped_ += rest.substr(0, size);
  for (; size < rest.size() && !is_end(rest[size], stops); ++size) {
    const char next = size + 1 < rest.size() ? rest[size + 1] : '\0';
    if (rest[size] == '\\' && is_escapable(next)) ++size;
    unescaped_ += rest[size];
  }
  rest.remove_prefix(size);
  return std::string_view(unescaped_).substr(first);
}

}  // namespace hostmeter::parse
