#include "contract/standard.hpp"

namespace hostmeter::contract {

Shown Standard::shown(const store::Snapshot& snapshot, const Selection& selection) const {
  Shown shown{.printed = selection.takes(kPrinted) ? snapshot.printed.get() : nullptr};
  for (std::size_t i = 0; i < snapshot.families->size(); ++i)
    if (selection.takes((*snapshot.families)[i].collector)) shown.families.push_back(i);
  return shown;
}

}  // namespace hostmeter::contract
