#include "source/runtime/json_strings.hpp"

namespace hostmeter::source::runtime {

Result<std::monostate> each_string(std::string_view json, const SeeString& see) {
  return each_value(json, kLongestJson, [&see](JsonKeys keys, const JsonValue& value) {
    if (value.text) see(keys, *value.text);
  });
}

}  // namespace hostmeter::source::runtime
