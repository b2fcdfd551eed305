#include "contract/standard.hpp"

namespace hostmeter::contract {

std::vector<std::size_t> Standard::families(const store::Snapshot& snapshot,
                                            const Selection& selection) const {
  std::vector<std::size_t> shown;
  for (std::size_t i = 0; i < snapshot.families->size(); ++i)
    if (selection.takes((*snapshot.families)[i].collector)) shown.push_back(i);
  return shown;
}

}  // namespace hostmeter::contract
