#include "tool/script/sandbox.hpp"

#include <array>
#include <cstring>
#include <string>

namespace hostmeter::tool {
namespace {

using source::script::Feature;
using source::script::FeatureState;
using source::script::FeatureStates;
using source::script::kFeatures;

constexpr std::string_view kAsRoot = "run as root, with the rights of the host's root",
                           kOwnCgroup =
                               "give the agent a cgroup of its own: Delegate=yes in its unit, or "
                               "systemd-run --scope -p Delegate=yes for a run by hand";

struct Purpose {
  Feature feature;
  std::string_view serves, mend;
};
constexpr Purpose kPurposes[] = {
    {Feature::pid_namespace, "scripts see no other process, and theirs die with them", kAsRoot},
    {Feature::mount_namespace, "what a script sees of the file system is its own", kAsRoot},
    {Feature::ipc_namespace, "no shared memory or queues of others", kAsRoot},
    {Feature::uts_namespace, "a host name of its own", kAsRoot},
    {Feature::network_namespace, "no network, unless it is allowed", kAsRoot},
    {Feature::read_only, "the file system cannot be written to", kAsRoot},
    {Feature::tmp, "a small /tmp of its own", kAsRoot},
    {Feature::hidden, "sockets and the agent's configuration are not seen", kAsRoot},
    {Feature::dev, "harmless devices only", kAsRoot},
    {Feature::proc, "a /proc of its own processes", kAsRoot},
    {Feature::rlimits, "open files, size of files, CPU time", "allow setrlimit()"},
    {Feature::priority, "the host goes first", "allow setpriority() and ioprio_set()"},
    {Feature::user, "scripts run as another user than the agent", kAsRoot},
    {Feature::capabilities, "no rights of root", kAsRoot},
    {Feature::no_new_privs, "no way to get any", "allow prctl()"},
    {Feature::landlock, "files, TCP and signals, whatever modes allow",
     "Linux 5.13 or newer, with landlock among lsm= of its command line"},
    {Feature::seccomp, "calls that scripts do not need are refused",
     "a kernel with CONFIG_SECCOMP_FILTER"},
    {Feature::memory, "a limit of memory for each run", kOwnCgroup},
    {Feature::processes, "a limit of processes for each run", kOwnCgroup},
    {Feature::cpu, "a limit of CPU time for each run", kOwnCgroup},
};
static_assert(std::size(kPurposes) == kFeatures);

}  // namespace

std::vector<Diagnosis::Answer> sandbox_answers(const FeatureStates& states) {
  std::vector<Diagnosis::Answer> answers;
  for (const Purpose& purpose : kPurposes) {
    const FeatureState& state = states[purpose.feature];
    Diagnosis::Answer answer{.name = std::string(to_string(purpose.feature)),
                             .serves = std::string(purpose.serves),
                             .yes = state.error == 0};
    if (!answer.yes) {
      answer.why = state.what + ": " + std::strerror(state.error);
      answer.mend = purpose.mend;
    }
    answers.push_back(std::move(answer));
  }
  return answers;
}

}  // namespace hostmeter::tool
