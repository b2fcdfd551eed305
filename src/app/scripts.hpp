// Scripts: from the settings to what runs them.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/paths.hpp"
#include "app/readers.hpp"
#include "app/runtimes.hpp"
#include "base/capabilities.hpp"
#include "base/dir.hpp"
#include "config/settings.hpp"
#include "source/script/plan.hpp"
#include "source/script/shared_supervisor.hpp"

namespace hostmeter::app {

struct ScriptPlans {
  // Of each [[script]], then of each directory: a file that more than one names is of the first.
  std::vector<source::script::Plan> plans;
  std::vector<Remark> remarks;  // on those that are left out
};
// Asks the C library for groups, which may look anywhere.
ScriptPlans script_plans(const config::Settings& settings);

// What some script of theirs may do.
base::CapabilitySet grantable(const config::Scripts& scripts);

// configuration: files and directories of the one in force, which scripts do not see. Asks the C
// library.
source::script::Supervisor::Options supervisor_options(
    const config::Scripts& scripts, const std::vector<std::string>& configuration);

// Why scripts do not run as the user of the settings; empty: they do. Asks the C library.
std::string why_another_user(const config::Scripts& scripts);

// Forks, before any other thread is there: with all rights that are permitted.
Result<source::script::Supervisor> start_with_all_rights(
    const source::script::Supervisor::Options& options);

// Whether any script could be run: they are not switched off, and the host is no recorded one.
bool runs_scripts(const config::Scripts& scripts, const Paths& paths);

// What pipelines that come and go run scripts with.
struct ScriptHost {
  ScriptHost(source::script::Supervisor started, base::Dir of)
      : supervisor(std::move(started)), root(std::move(of)) {}

  source::script::SharedSupervisor supervisor;
  base::Dir root;  // of the file system in which scripts run: our own, whatever host is read
};
// None: scripts are switched off, the host is a recorded one, or it could not be had, which the log
// says.
std::unique_ptr<ScriptHost> start_supervisor(const config::Scripts& scripts,
                                             const std::vector<std::string>& configuration,
                                             const Paths& paths);

// As one source. Nothing when no script is to be run; the log says which are left out. Host and
// scripts outlive it.
std::optional<NamedSource> script_source(const config::Settings& settings, ScriptHost* scripts,
                                         const Clock& clock, InstanceIds numbers);

// Which change from what was in force at the start takes another supervisor, so a restart: a key
// of the configuration; empty: none.
std::string what_takes_a_restart(const config::Scripts& at_start, const config::Scripts& wanted);

}  // namespace hostmeter::app
