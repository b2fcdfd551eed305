// node_exporter's names for the host, cAdvisor's for containers: the names we think in.
#pragma once
#include "contract/contract.hpp"

namespace hostmeter::contract {

// Every family as it is in the store, sorted by name, and what scripts print.
class Standard final : public Contract {
 public:
  bool shows_printed() const override { return true; }
  Shown shown(const store::Snapshot&, const Selection&) const override;
};

}  // namespace hostmeter::contract
