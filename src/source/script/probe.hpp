// Which parts of the sandbox are in force here, found by putting them on.
#pragma once
#include "source/script/cgroups.hpp"
#include "source/script/job.hpp"

namespace hostmeter::source::script {

// Starts a few processes that end at once.
FeatureStates probe(const Rules& rules, const Cgroups& cgroups);

}  // namespace hostmeter::source::script
