#include "source/script/sandbox.hpp"

#include <sys/prctl.h>

#include <cerrno>
#include <span>

#include "source/script/identity.hpp"
#include "source/script/landlock.hpp"
#include "source/script/limits.hpp"
#include "source/script/seccomp.hpp"
#include "source/script/view.hpp"

namespace hostmeter::source::script {
namespace {

struct Step {
  Feature feature;
  std::optional<Error> (*apply)(const Job&, View&);
};

std::optional<Error> forbid_new_privileges(const Job&, View&) {
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return Error{errno, "set no_new_privs"};
  return {};
}

// The priority of a process is a file in /proc that is not to be written any more after that.
constexpr Step kOfRun[] = {
    {Feature::priority, [](const Job&, View&) { return lower_priority(); }},
    {Feature::read_only, [](const Job&, View& view) { return view.make_read_only(); }},
    {Feature::tmp, [](const Job&, View& view) { return view.make_tmp(); }},
    {Feature::hidden, [](const Job&, View& view) { return view.hide(); }},
    {Feature::dev, [](const Job&, View& view) { return view.make_dev(); }},
    {Feature::proc, [](const Job&, View& view) { return view.make_proc(); }},
    {Feature::rlimits, [](const Job& job, View&) { return set_rlimits(job); }},
};

constexpr Step kOfInit[] = {
    {Feature::no_new_privs, forbid_new_privileges},
    {Feature::capabilities, [](const Job&, View&) { return drop_bounding_set({}); }},
    {Feature::user, [](const Job& job, View&) { return take_user(job.rules.user, {}); }},
    {Feature::capabilities, [](const Job&, View&) { return keep_capabilities({}); }},
};

base::CapabilitySet granted(const Job& job) {
  return base::CapabilitySet::from_bits(job.run.allow.capabilities);
}

// Landlock while files closed to the script's user can be opened still, seccomp when nothing that
// it forbids is left to do.
constexpr Step kOfScript[] = {
    {Feature::no_new_privs, forbid_new_privileges},
    {Feature::landlock, [](const Job& job, View&) { return restrict_by_landlock(job); }},
    {Feature::capabilities, [](const Job& job, View&) { return drop_bounding_set(granted(job)); }},
    {Feature::user,
     [](const Job& job, View&) { return take_user(job.rules.user, job.run.allow.groups); }},
    {Feature::capabilities, [](const Job& job, View&) { return keep_capabilities(granted(job)); }},
    {Feature::seccomp,
     [](const Job& job, View&) { return job.rules.filters.restrict_to(job.run.allow); }},
};

bool is_possible(const Job& job, Feature feature) {
  return job.rules.features.has(feature) &&
         (!needs_mount_namespace(feature) || job.rules.features.has(Feature::mount_namespace));
}

std::optional<StepFailure> apply(std::span<const Step> steps, const Job& job, View& view) {
  for (const Step& step : steps) {
    if (!is_possible(job, step.feature)) continue;
    if (const auto failure = step.apply(job, view)) return StepFailure{step.feature, *failure};
  }
  return {};
}

}  // namespace

bool needs_mount_namespace(Feature feature) {
  return feature == Feature::read_only || feature == Feature::tmp || feature == Feature::hidden ||
         feature == Feature::dev || feature == Feature::proc;
}

std::optional<StepFailure> prepare_run(const Job& job) {
  View view(job);
  if (job.rules.features.has(Feature::mount_namespace))
    if (const auto failure = view.begin()) return StepFailure{Feature::mount_namespace, *failure};
  // They would be lost without a word.
  if (!job.run.allow.secrets.empty() && !is_possible(job, Feature::hidden))
    return StepFailure{Feature::hidden, Error{ENOTSUP, "there is no place for secrets"}};
  return apply(kOfRun, job, view);
}

std::optional<StepFailure> prepare_init(const Job& job) {
  View view(job);
  const auto failure = apply(kOfInit, job, view);
  // Its memory, its descriptors and its view are nobody's, though it is of the script's user now.
  ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
  return failure;
}

std::optional<StepFailure> prepare_script(const Job& job) {
  View view(job);
  return apply(kOfScript, job, view);
}

void probe_steps(const Job& job, const std::function<void(Feature, const Error&)>& on_lacking) {
  View view(job);
  if (job.rules.features.has(Feature::mount_namespace))
    if (const auto failure = view.begin()) return on_lacking(Feature::mount_namespace, *failure);
  const auto probe = [&](std::span<const Step> steps) {
    for (const Step& step : steps) {
      if (!is_possible(job, step.feature)) continue;
      if (const auto failure = step.apply(job, view)) on_lacking(step.feature, *failure);
    }
  };
  probe(kOfRun);
  probe(kOfScript);
}

}  // namespace hostmeter::source::script
