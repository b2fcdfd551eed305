#include "source/script/probe.hpp"

#include <sched.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "source/script/report.hpp"
#include "source/script/spawn.hpp"

namespace hostmeter::source::script {
namespace {

constexpr int kPatienceMs = 5'000, kLookAgainMs = 1;  // for its next word, and for its end

void lack(FeatureStates& states, Feature feature, int error, std::string_view what) {
  if (states.has(feature)) states[feature] = {error != 0 ? error : EIO, std::string(what)};
}

void probe_namespaces(FeatureStates& states) {
  constexpr std::pair<Feature, unsigned long> kFlags[] = {
      {Feature::pid_namespace, CLONE_NEWPID},     {Feature::mount_namespace, CLONE_NEWNS},
      {Feature::ipc_namespace, CLONE_NEWIPC},     {Feature::uts_namespace, CLONE_NEWUTS},
      {Feature::network_namespace, CLONE_NEWNET},
  };
  for (const auto& [feature, flag] : kFlags)
    if (const auto failure = try_namespaces(flag))
      lack(states, feature, failure->code, failure->what);
}

constexpr Feature kInMounts[] = {Feature::read_only, Feature::tmp, Feature::hidden, Feature::dev,
                                 Feature::proc};

// Its wait status; one that is held, by a dead mount for one, is killed, or left behind.
int end_of(pid_t pid) {
  int status = -1;
  for (int waited_ms = 0; waited_ms <= 2 * kPatienceMs; waited_ms += kLookAgainMs) {
    if (::waitpid(pid, &status, WNOHANG) == pid) return status;
    if (waited_ms == kPatienceMs) ::kill(pid, SIGKILL);
    ::usleep(kLookAgainMs * 1000);
  }
  return -1;
}

}  // namespace

FeatureStates probe(const Rules& rules, const Cgroups& cgroups) {
  Rules known{{}, rules.user, rules.hidden, rules.filters};
  for (const Feature feature : {Feature::memory, Feature::processes, Feature::cpu})
    known.features[feature] = cgroups.state(feature);
  probe_namespaces(known.features);
  const Run nothing;
  const auto child = spawn(Job{nothing, known, true});
  if (!child) {
    lack(known.features, Feature::pid_namespace, child.error().code, child.error().what);
    return known.features;
  }
  let_go(*child);
  FeatureStates found = known.features;
  while (const auto report = await_report(child->status.get(), kPatienceMs))
    if (report->kind == Report::Kind::lacking && std::size_t(report->feature) < kFeatures)
      lack(found, report->feature, report->value, what_of(*report));
  const int status = end_of(child->pid);
  for (const Feature feature : kInMounts)
    if (!found.has(Feature::mount_namespace))
      lack(found, feature, ENOTSUP, "there is no mount namespace");
  // A probe that was killed on the way has not seen the last part, and maybe not others.
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
    lack(found, Feature::seccomp, EIO, "the probe did not come to its end");
  return found;
}

}  // namespace hostmeter::source::script
