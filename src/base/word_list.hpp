// Lists of words, as settings have them.
#pragma once
#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace hostmeter::base {

inline bool has(const std::vector<std::string>& list, std::string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

}  // namespace hostmeter::base
