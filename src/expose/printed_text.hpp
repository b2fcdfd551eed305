// What scripts print, on its way out.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>

#include "store/printed.hpp"

namespace hostmeter::expose {

class PrintedText {
 public:
  // null: nothing. What is pointed to outlives this.
  explicit PrintedText(const store::PrintedMetrics* printed) : printed_(printed) {}

  // Writes whole lines as far as they fit before end, from where the last call stopped, and returns
  // the end of what it wrote. most: what there will ever be room for; longer lines are left out.
  char* fill(char* out, char* end, std::size_t most);

 private:
  const store::PrintedMetrics* printed_;
  std::size_t metric_ = 0, series_ = 0;
  bool has_header_ = false;  // of that metric, written already
};

// What the older text format calls it.
std::string_view name_of(MetricType type);

// "# HELP …\n# TYPE …\n"
std::string header(std::string_view name, std::string_view help, std::string_view type);

}  // namespace hostmeter::expose
