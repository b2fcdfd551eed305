// The strings of a JSON text, each with where it stands.
#pragma once
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "hostmeter/base/result.hpp"
#include "source/runtime/json_values.hpp"

namespace hostmeter::source::runtime {

inline constexpr std::size_t kLongestJson = 4U << 20;

// keys: of the objects around the string, outermost first; in an array it is the index.
using SeeString = std::function<void(std::span<const std::string> keys, std::string_view value)>;

// Makes no tree of it: of files with thousands of values we want a few. EBADMSG: no JSON, or deeper
// than kDeepestJson; EFBIG: longer than kLongestJson. see() may have been called even so.
Result<std::monostate> each_string(std::string_view json, const SeeString& see);

}  // namespace hostmeter::source::runtime
