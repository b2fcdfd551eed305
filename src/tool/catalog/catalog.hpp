// Every metric there is, in words.
#pragma once
#include <span>
#include <string>

#include "hostmeter/collect/collector.hpp"

namespace hostmeter::tool {

// docs/metrics.md: one table, by name.
std::string markdown(std::span<const CollectorSpec* const> collectors);

// An array of {name, type, unit, labels, collector, scope, origin, help}, by name.
std::string json(std::span<const CollectorSpec* const> collectors);

}  // namespace hostmeter::tool
