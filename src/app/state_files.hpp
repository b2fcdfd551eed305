// The files that runtimes keep, as one source of names.
#pragma once
#include <optional>

#include "app/runtimes.hpp"
#include "hostmeter/flow/instances.hpp"

namespace hostmeter::app {

// One thread for all of them: no daemon stands behind a file that could hang. Nothing when all are
// switched off.
std::optional<NamedSource> state_files(const config::Settings&, const source::Host&, InstanceIds);

}  // namespace hostmeter::app
