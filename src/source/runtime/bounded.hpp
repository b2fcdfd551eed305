// Keeping what a runtime says within the bounds of a Description.
#pragma once
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "hostmeter/flow/description.hpp"

namespace hostmeter::source::runtime {

// Cut to so many bytes, never within a character of UTF-8.
std::string cut(std::string_view text, std::size_t most);
inline std::string cut_name(std::string_view text) {
  return cut(text, Description::kLongestName);
}

// In order of their names, so that of too many the same ones stay. A name that is too long is none:
// cut it might be another's.
std::vector<std::pair<std::string, std::string>> bounded(
    const std::map<std::string, std::string, std::less<>>& labels);
inline void set_labels(Description& description,
                       const std::map<std::string, std::string, std::less<>>& labels) {
  description.labels = bounded(labels);
}

}  // namespace hostmeter::source::runtime
