#include "contract/contract.hpp"

#include <algorithm>

namespace hostmeter::contract {

bool Selection::takes(std::string_view collector) const {
  const auto names_it = [&](const std::vector<std::string>& names) {
    return std::find(names.begin(), names.end(), collector) != names.end();
  };
  return (collect.empty() || names_it(collect)) && !names_it(exclude);
}

std::string_view Contract::unknown_name(const std::vector<store::Family>& families,
                                        const Selection& selection) {
  for (const auto* names : {&selection.collect, &selection.exclude})
    for (const std::string& name : *names)
      if (name != kPrinted &&
          std::none_of(families.begin(), families.end(),
                       [&](const store::Family& family) { return family.collector == name; }))
        return name;
  return {};
}

}  // namespace hostmeter::contract
