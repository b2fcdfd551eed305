// Looking up what a collector declares.
#pragma once
#include <stdexcept>
#include <string>
#include <string_view>

#include "collect/all.hpp"

namespace hostmeter::test {

inline const CollectorSpec& collector(std::string_view name) {
  for (const CollectorSpec* spec : collect::all())
    if (spec->name == name) return *spec;
  throw std::runtime_error("no collector " + std::string(name));
}

// "name{fixed}" of the first series that a field feeds; empty when it feeds none.
inline std::string metric_of(const CollectorSpec& spec, Group group, unsigned field) {
  for (const GroupSeries& series : spec.groups) {
    if (series.group != group) continue;
    for (const FieldSeries& row : series.series) {
      if (row.field != field) continue;
      std::string text(row.metric->name);
      if (!row.fixed.empty()) text += "{" + std::string(row.fixed) + "}";
      return text;
    }
  }
  return {};
}

}  // namespace hostmeter::test
