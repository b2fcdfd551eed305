// The files of metrics that others leave for us, as one source.
#pragma once
#include <optional>

#include "app/runtimes.hpp"
#include "hostmeter/flow/instances.hpp"

namespace hostmeter::app {

// Nothing when no directory is set.
std::optional<NamedSource> textfiles(const config::Settings&, const source::Host&, InstanceIds);

}  // namespace hostmeter::app
