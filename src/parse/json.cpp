#include "parse/json.hpp"

#include <charconv>
#include <iterator>
#include <nlohmann/json.hpp>

#include "base/glob_filter.hpp"

namespace hostmeter::parse {
namespace {

using Json = nlohmann::json;

// Through the text, counting its lines.
class LineCounter {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  LineCounter(const char* at, std::size_t* line) : at_(at), line_(line) {}
  reference operator*() const { return *at_; }
  LineCounter& operator++() {
    if (*at_++ == '\n') ++*line_;
    return *this;
  }
  LineCounter operator++(int) {
    LineCounter before = *this;
    ++*this;
    return before;
  }
  friend bool operator==(const LineCounter& a, const LineCounter& b) { return a.at_ == b.at_; }
  friend bool operator!=(const LineCounter& a, const LineCounter& b) { return !(a == b); }

 private:
  const char* at_;
  std::size_t* line_;
};

// Parted by '.', without the escapes.
std::vector<std::string> steps_of(std::string_view query) {
  std::vector<std::string> steps;
  if (query.empty()) return steps;
  steps.emplace_back();
  for (std::size_t i = 0; i < query.size(); ++i) {
    if (query[i] == '.') {
      steps.emplace_back();
      continue;
    }
    if (query[i] == '\\' && i + 1 < query.size()) ++i;
    steps.back() += query[i];
  }
  return steps;
}

std::string_view without_underscores(std::string_view text) {
  while (text.starts_with('_')) text.remove_prefix(1);
  while (text.ends_with('_')) text.remove_suffix(1);
  return text;
}

// One reading of the text. Without a sink it only tells whether it can be read to its end.
class Reading {
 public:
  Reading(std::string_view name, const JsonOptions& options, const JsonLimits& limits,
          MeasurementSink* sink)
      : name_(name),
        options_(options),
        limits_(limits),
        sink_(sink),
        steps_(steps_of(options.query)) {}

  // False: it is no JSON, or what is there is of no use.
  bool read(std::string_view text);
  std::size_t line() const { return line_; }
  std::string_view why() const { return why_; }

  bool null() { return value({}); }
  bool boolean(bool is) { return value(is); }
  bool number_integer(Json::number_integer_t number) { return value(double(number)); }
  bool number_unsigned(Json::number_unsigned_t number) { return value(double(number)); }
  bool number_float(Json::number_float_t number, const std::string&) { return value(number); }
  bool string(std::string& text) { return value(std::move(text)); }
  bool binary(Json::binary_t&) { return true; }
  bool start_object(std::size_t) { return enter(false); }
  bool start_array(std::size_t) { return enter(true); }
  bool end_object() { return leave(); }
  bool end_array() { return leave(); }
  bool key(std::string& name) {
    open_.back().key = std::move(name);
    return true;
  }
  bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception&) {
    return fail("this is no JSON");
  }

 private:
  using Value = std::variant<std::monostate, bool, double, std::string>;
  struct Open {
    bool is_array = false, is_on_way = false, is_wanted = false;
    std::size_t index = 0;  // of the next element
    std::string key{};      // of the next value, when it is no array
    std::size_t path = 0;   // bytes of path_ that are its own name
  };
  struct Found {
    std::string name;
    Value value;
  };

  bool fail(std::string_view why) {
    if (why_.empty()) why_ = why;
    return false;
  }
  std::string_view key_here();
  bool is_here_on_way();
  bool is_here_wanted(bool is_on_way);
  bool is_here_element() const { return !open_.empty() && open_.back().is_wanted; }
  bool is_collecting() const { return object_depth_ != 0; }
  bool append_name(std::string_view key);
  bool value(Value);
  bool enter(bool is_array);
  bool leave();
  bool refuse(std::string_view why);
  bool sort_out(const Found&, std::string_view& name);
  bool add_tag(const Found&);
  bool finish_object();

  const std::string_view name_;
  const JsonOptions& options_;
  const JsonLimits& limits_;
  MeasurementSink* const sink_;
  const std::vector<std::string> steps_;
  std::size_t line_ = 1;
  std::string_view why_;
  std::vector<Open> open_;
  bool has_target_ = false;
  std::size_t object_depth_ = 0;  // how many are open within the object that is read, with itself
  std::size_t object_line_ = 0;
  std::string_view object_why_;
  std::string path_, index_;
  std::vector<Found> found_;
  std::vector<std::string> tag_texts_;
  std::vector<Label> tags_;
  std::vector<Field> fields_;
};

bool Reading::read(std::string_view text) {
  const LineCounter first(text.data(), &line_), last(text.data() + text.size(), &line_);
  if (!Json::sax_parse(first, last, this)) return false;
  return has_target_ || fail("nothing is where json_query leads");
}

std::string_view Reading::key_here() {
  if (!open_.back().is_array) return open_.back().key;
  index_ = std::to_string(open_.back().index++);
  return index_;
}

bool Reading::is_here_on_way() {
  if (open_.empty()) return true;
  return open_.back().is_on_way && open_.size() <= steps_.size() &&
         key_here() == steps_[open_.size() - 1];
}

// Of an object that is read the rest is told apart by its path.
bool Reading::append_name(std::string_view key) {
  if (!path_.empty()) {
    path_ += '_';
    path_ += key;
  } else {
    path_ = without_underscores(key);
  }
  while (path_.ends_with('_')) path_.pop_back();
  return path_.size() <= limits_.name;
}

// What stands there is of no use, but the rest may be.
bool Reading::refuse(std::string_view why) {
  if (options_.strict) return fail(why);
  if (sink_) sink_->on_bad_line(line_, why);
  return true;
}

bool Reading::value(Value value) {
  if (!is_collecting()) {
    const bool is_target = is_here_on_way() && open_.size() == steps_.size();
    has_target_ |= is_target;
    const bool is_nothing = std::holds_alternative<std::monostate>(value);
    if (is_target && !is_nothing) return fail("this is neither an object nor an array of objects");
    return is_here_element() ? refuse("an element of the array is no object") : true;
  }
  const std::size_t before = path_.size();
  if (!append_name(key_here())) object_why_ = "the name of a value is too long";
  if (!std::holds_alternative<std::monostate>(value) && object_why_.empty()) {
    if (found_.size() < limits_.values)
      found_.push_back({path_, std::move(value)});
    else
      object_why_ = "an object has too many values";
  }
  path_.resize(before);
  return true;
}

bool Reading::enter(bool is_array) {
  if (open_.size() >= limits_.depth) return fail("this is nested too deep");
  Open opened{.is_array = is_array};
  if (is_collecting()) {
    opened.path = path_.size();
    if (object_why_.empty() && !append_name(key_here()))
      object_why_ = "the name of a value is too long";
    ++object_depth_;
  } else {
    const bool is_element = is_here_element();
    opened.is_on_way = is_here_on_way();
    const bool is_target = opened.is_on_way && open_.size() == steps_.size();
    has_target_ |= is_target;
    opened.is_wanted = is_target && is_array;
    if (is_element && is_array && !refuse("an element of the array is no object")) return false;
    if ((is_element || is_target) && !is_array) {
      object_depth_ = 1;
      object_line_ = line_;
    }
  }
  open_.push_back(std::move(opened));
  return true;
}

bool Reading::leave() {
  const std::size_t path = open_.back().path;
  open_.pop_back();
  if (!is_collecting()) return true;
  if (--object_depth_ == 0) return finish_object();
  path_.resize(path);
  return true;
}

// Into tags_ or fields_, or neither. False: there are too many tags.
bool Reading::sort_out(const Found& found, std::string_view& name) {
  const auto* const text = std::get_if<std::string>(&found.value);
  const auto is_called = [&](const std::string& key) { return !key.empty() && found.name == key; };
  if (text && is_called(options_.name_key)) name = *text;
  if (is_called(options_.time_key)) return true;
  if (base::matches_any(options_.tag_keys, found.name)) return add_tag(found);
  if (const auto* const number = std::get_if<double>(&found.value))
    fields_.push_back({found.name, *number});
  else if (base::matches_any(options_.string_fields, found.name))
    fields_.push_back(text ? Field{found.name, std::string_view(*text)}
                           : Field{found.name, std::get<bool>(found.value)});
  return true;
}

bool Reading::add_tag(const Found& found) {
  if (tags_.size() >= limits_.tags) return false;
  std::string_view shown;
  if (const auto* const number = std::get_if<double>(&found.value)) {
    char digits[400];
    const auto end =
        std::to_chars(digits, digits + sizeof digits, *number, std::chars_format::fixed);
    shown = tag_texts_.emplace_back(digits, end.ptr);
  } else if (const auto* const is = std::get_if<bool>(&found.value)) {
    shown = *is ? "true" : "false";
  } else {
    shown = std::get<std::string>(found.value);
  }
  tags_.push_back({found.name, shown});
  return true;
}

bool Reading::finish_object() {
  path_.clear();
  tags_.clear();
  fields_.clear();
  tag_texts_.clear();
  tag_texts_.reserve(limits_.tags);  // views of them must last
  std::string_view name = name_;
  if (sink_)
    for (const Found& one : found_)
      if (!sort_out(one, name)) object_why_ = "an object has too many tags";
  if (!object_why_.empty()) {
    if (sink_) sink_->on_bad_line(object_line_, object_why_);
  } else if (sink_) {
    sink_->on_measurement(object_line_, {.name = name, .tags = tags_, .fields = fields_});
  }
  object_why_ = {};
  found_.clear();
  return true;
}

}  // namespace

std::string_view wrong_with_query(std::string_view query) {
  for (std::size_t i = 0; i < query.size(); ++i) {
    if (query[i] == '\\') {
      ++i;
      continue;
    }
    if (std::string_view("#|@*?[{!(").find(query[i]) != std::string_view::npos)
      return "of GJSON only keys and numbers of elements, parted by '.', are understood";
  }
  for (const std::string& step : steps_of(query))
    if (step.empty()) return "a key is missing between two '.'";
  return {};
}

void parse_json(std::string_view text, std::string_view name, const JsonOptions& options,
                const JsonLimits& limits, MeasurementSink& sink) {
  if (text.find_first_not_of(" \t\r\n") == std::string_view::npos) return;
  if (text.size() > limits.bytes) return sink.on_bad_line(1, "the output is too large");
  if (const auto why = wrong_with_query(options.query); !why.empty())
    return sink.on_bad_line(1, why);
  // Nothing is told before all of it has been seen.
  Reading first(name, options, limits, nullptr);
  if (!first.read(text)) return sink.on_bad_line(first.line(), first.why());
  Reading(name, options, limits, &sink).read(text);
}

}  // namespace hostmeter::parse
