// The parts of the sandbox in the order in which they are put on. A part that is not in force, as
// the probe found, is left out; one that is in force and fails costs the run.
#pragma once
#include <functional>
#include <optional>

#include "hostmeter/base/result.hpp"
#include "source/script/job.hpp"

namespace hostmeter::source::script {

struct StepFailure {
  Feature feature{};
  Error error{};
};

// By the first process, before it starts the script: what is of the whole run.
std::optional<StepFailure> prepare_run(const Job& job);
// By the first process, once it has started the script: it gives up what it needs no more.
std::optional<StepFailure> prepare_init(const Job& job);
// By the script's process, last of all.
std::optional<StepFailure> prepare_script(const Job& job);

// All of it one after the other, in a process that ends thereafter.
void probe_steps(const Job& job, const std::function<void(Feature, const Error&)>& on_lacking);

// The steps need a mount namespace: without one they would change what the host sees.
bool needs_mount_namespace(Feature feature);

}  // namespace hostmeter::source::script
