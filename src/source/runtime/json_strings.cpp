#include "source/runtime/json_strings.hpp"

#include <cerrno>
#include <nlohmann/json.hpp>
#include <vector>

namespace hostmeter::source::runtime {
namespace {

using Json = nlohmann::json;

class Strings {
 public:
  explicit Strings(const SeeString& see) : see_(see) {}

  bool null() { return passed(); }
  bool boolean(bool) { return passed(); }
  bool number_integer(Json::number_integer_t) { return passed(); }
  bool number_unsigned(Json::number_unsigned_t) { return passed(); }
  bool number_float(Json::number_float_t, const std::string&) { return passed(); }
  bool binary(Json::binary_t&) { return passed(); }
  bool string(std::string& value) {
    see_(keys_, value);
    return passed();
  }
  bool start_object(std::size_t) { return enter(false); }
  bool start_array(std::size_t) { return enter(true); }
  bool end_object() { return leave(); }
  bool end_array() { return leave(); }
  bool key(std::string& name) {
    keys_.back() = std::move(name);
    return true;
  }
  bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception&) {
    return false;
  }

 private:
  static constexpr std::size_t kNoArray = ~std::size_t{0};

  bool enter(bool is_array) {
    if (keys_.size() == kDeepestJson) return false;
    keys_.emplace_back(is_array ? "0" : "");
    next_.push_back(is_array ? 0 : kNoArray);
    return true;
  }
  bool leave() {
    keys_.pop_back();
    next_.pop_back();
    return passed();
  }
  // A value is over: in an array the next one follows.
  bool passed() {
    if (!next_.empty() && next_.back() != kNoArray) keys_.back() = std::to_string(++next_.back());
    return true;
  }

  const SeeString& see_;
  std::vector<std::string> keys_;
  std::vector<std::size_t> next_;
};

}  // namespace

Result<std::monostate> each_string(std::string_view json, const SeeString& see) {
  if (json.size() > kLongestJson) return Error{EFBIG, "JSON"};
  Strings strings(see);
  if (!Json::sax_parse(json.begin(), json.end(), &strings)) return Error{EBADMSG, "JSON"};
  return std::monostate{};
}

}  // namespace hostmeter::source::runtime
