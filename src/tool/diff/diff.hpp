// Scrapes two endpoints some times and tells in what they differ.
#pragma once
#include <chrono>
#include <string>
#include <variant>
#include <vector>

#include "hostmeter/base/clock.hpp"
#include "hostmeter/metric/family.hpp"
#include "tool/diff/compare.hpp"
#include "tool/diff/fetch.hpp"
#include "tool/diff/report.hpp"

namespace hostmeter::tool {

struct DiffOptions {
  Endpoint a{}, b{};
  FetchOptions fetch{};
  unsigned times = 3;
  std::chrono::milliseconds interval{5'000};
  Selection selection{};  // its renaming is of A alone
  Tolerance tolerance{};
};

// What was fetched as families, and notes of what is wrong with it; or why it is no metrics at all.
struct Understood {
  std::vector<MetricFamily> families;
  std::vector<std::string> notes;
};
std::variant<Understood, std::string> understand(const Fetched& fetched);

// The report, or why there is none.
std::variant<DiffReport, std::string> diff(const DiffOptions& options, const Clock& clock);

}  // namespace hostmeter::tool
