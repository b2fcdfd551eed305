// Differences, to read and as JSON.
#pragma once
#include <string>
#include <vector>

#include "tool/diff/compare.hpp"

namespace hostmeter::tool {

struct DiffReport {
  struct Who {
    std::string url;
    std::size_t series = 0, families = 0;
    std::vector<std::string> notes{};  // what was wrong with what it served
  };
  Who a{}, b{};
  unsigned scrapes = 0;
  Comparison comparison{};
};

// At most `most` rows of each kind, and how many there are more.
std::string diff_table(const DiffReport& report, std::size_t most);
std::string diff_json(const DiffReport& report);

}  // namespace hostmeter::tool
