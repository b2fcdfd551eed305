// The values of a JSON text, each with where it stands.
#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "hostmeter/base/result.hpp"

namespace hostmeter::source::runtime {

inline constexpr std::size_t kDeepestJson = 64;

// Neither an object nor an array, but for an object without keys. Whatever its type, it answers all
// questions: a wrong type is nothing, never 0.
struct JsonValue {
  std::optional<std::string_view> text{};
  std::optional<std::uint64_t> number{};  // whole and not negative
  std::optional<bool> boolean{};
};

// keys: of the objects around the value, outermost first; in an array it is the index.
using JsonKeys = std::span<const std::string>;
using SeeValue = std::function<void(JsonKeys keys, const JsonValue& value)>;

// Makes no tree of it: of answers with thousands of values we want a few. EBADMSG: no JSON, or
// deeper than kDeepestJson; EFBIG: longer than longest. see() may have been called even so.
Result<std::monostate> each_value(std::string_view json, std::size_t longest, const SeeValue& see);

// Whether a value stands just there.
bool stands_at(JsonKeys keys, std::initializer_list<std::string_view> where);

}  // namespace hostmeter::source::runtime
