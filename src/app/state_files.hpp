// The files that runtimes keep, as one source of names.
#pragma once
#include <optional>
#include <vector>

#include "app/runtimes.hpp"
#include "hostmeter/flow/instances.hpp"
#include "source/runtime/state_form.hpp"

namespace hostmeter::app {

// Which files, below the root. Those of engines that have a socket speak only while it is not
// there, unless sockets are ignored: nobody is asked over the socket of a recorded host.
enum class Sockets : std::uint8_t { come_first, ignored };
std::vector<source::runtime::StateForm> state_forms(const config::Settings&, Sockets);

// One thread for all of them: no daemon stands behind a file that could hang. Nothing when all are
// switched off.
std::optional<NamedSource> state_files(const config::Settings&, const source::Host&, InstanceIds);

}  // namespace hostmeter::app
