#include "source/runtime/json_values.hpp"

#include <algorithm>
#include <cerrno>
#include <nlohmann/json.hpp>
#include <vector>

namespace hostmeter::source::runtime {
namespace {

using Json = nlohmann::json;

class Values {
 public:
  explicit Values(const SeeValue& see) : see_(see) {}

  bool null() { return pass({}); }
  bool boolean(bool value) { return pass({.boolean = value}); }
  bool number_integer(Json::number_integer_t) { return pass({}); }  // a negative one
  bool number_unsigned(Json::number_unsigned_t value) { return pass({.number = value}); }
  bool number_float(Json::number_float_t, const std::string&) { return pass({}); }
  bool binary(Json::binary_t&) { return pass({}); }
  bool string(std::string& value) { return pass({.text = value}); }
  bool start_object(std::size_t) { return enter(false); }
  bool start_array(std::size_t) { return enter(true); }
  bool end_object() {
    const bool is_empty = !has_key_;
    leave();
    return is_empty ? pass({}) : go_on();
  }
  bool end_array() {
    leave();
    return go_on();
  }
  bool key(std::string& name) {
    keys_.back() = std::move(name);
    has_key_ = true;
    return true;
  }
  bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception&) {
    return false;
  }

 private:
  static constexpr std::size_t kNoArray = ~std::size_t{0};

  bool pass(const JsonValue& value) {
    see_(keys_, value);
    return go_on();
  }
  bool enter(bool is_array) {
    if (keys_.size() == kDeepestJson) return false;
    keys_.emplace_back(is_array ? "0" : "");
    next_.push_back(is_array ? 0 : kNoArray);
    has_key_ = false;
    return true;
  }
  // An object around it has a key: this one's.
  void leave() {
    keys_.pop_back();
    next_.pop_back();
    has_key_ = true;
  }
  // A value is over: in an array the next one follows.
  bool go_on() {
    if (!next_.empty() && next_.back() != kNoArray) keys_.back() = std::to_string(++next_.back());
    return true;
  }

  const SeeValue& see_;
  std::vector<std::string> keys_;
  std::vector<std::size_t> next_;
  bool has_key_ = false;  // the innermost object
};

}  // namespace

Result<std::monostate> each_value(std::string_view json, std::size_t longest, const SeeValue& see) {
  if (json.size() > longest) return Error{EFBIG, "JSON"};
  Values values(see);
  if (!Json::sax_parse(json.begin(), json.end(), &values)) return Error{EBADMSG, "JSON"};
  return std::monostate{};
}

bool stands_at(JsonKeys keys, std::initializer_list<std::string_view> where) {
  return std::ranges::equal(keys, where);
}

}  // namespace hostmeter::source::runtime
