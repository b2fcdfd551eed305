#include "source/script/probe.hpp"

#include <fcntl.h>
#include <sched.h>
#include <sys/wait.h>

#include <cerrno>
#include <utility>

#include "source/script/report.hpp"
#include "source/script/spawn.hpp"

namespace hostmeter::source::script {
namespace {

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
  ::fcntl(child->status.get(), F_SETFL, 0);  // from here on it blocks, until the probe has ended
  FeatureStates found = known.features;
  while (const auto report = receive_report(child->status.get()))
    if (report->kind == Report::Kind::lacking && std::size_t(report->feature) < kFeatures)
      lack(found, report->feature, report->value, what_of(*report));
  int status = 0;
  while (::waitpid(child->pid, &status, 0) < 0 && errno == EINTR) {
  }
  for (const Feature feature : kInMounts)
    if (!found.has(Feature::mount_namespace))
      lack(found, feature, ENOTSUP, "there is no mount namespace");
  // A probe that was killed on the way has not seen the last part, and maybe not others.
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
    lack(found, Feature::seccomp, EIO, "the probe did not come to its end");
  return found;
}

}  // namespace hostmeter::source::script
