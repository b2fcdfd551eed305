// What the process may do, and what it gives up.
#include "app/rights.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <cstring>
#include <optional>
#include <stdexcept>
#include <string_view>

namespace hostmeter::app {
namespace {

// Every right that some call raises. Those without a sentence on what is absent are told of by who
// lacks them; those that serve what few have are not listed.
struct Right {
  int capability;
  std::string_view name, serves, reader, without;
};
constexpr Right kRights[] = {
    {CAP_BPF, "CAP_BPF", "programs in the kernel", "", ""},
    {CAP_PERFMON, "CAP_PERFMON", "programs in the kernel", "", ""},
    {CAP_SYS_PTRACE, "CAP_SYS_PTRACE", "which network is whose: /proc/PID/ns of other users",
     "cgroup_network",
     "which network a container lives in cannot be seen, so there are no figures of it"},
    {CAP_NET_ADMIN, "CAP_NET_ADMIN",
     "networks of containers from inside: macvlan, ipvlan, errors and drops", "cgroup_network",
     "the networks of containers cannot be asked by netlink, so they are read from files, which "
     "costs more"},
    {CAP_DAC_READ_SEARCH, "CAP_DAC_READ_SEARCH",
     "sizes of filesystems behind closed directories, serial numbers of the hardware", "",
     "mount points, cgroups and files that are closed to our user are absent"},
    {CAP_SYSLOG, "CAP_SYSLOG", "the kernel's addresses, where a figure is found by them", "", ""},
    {CAP_SYS_RESOURCE, "CAP_SYS_RESOURCE", "memory for BPF before Linux 5.11", "", ""},
    {CAP_DAC_OVERRIDE, "CAP_DAC_OVERRIDE", "", "", ""},
    {CAP_SYS_ADMIN, "CAP_SYS_ADMIN", "", "", ""},
    {CAP_NET_BIND_SERVICE, "CAP_NET_BIND_SERVICE", "", "", ""},
};

bool is_left(const Right& right, base::CapabilitySet left) {
  if (right.capability == CAP_DAC_READ_SEARCH && left.has({CAP_DAC_OVERRIDE})) return true;
  return left.has({right.capability});
}

// What is to be kept of permitted; of a right that is not there itself, what stands for it.
base::CapabilitySet to_keep(const config::Rights& settings, base::CapabilitySet permitted) {
  std::uint64_t bits = 0;
  for (const Right& right : kRights) {
    if (std::find(settings.keep.begin(), settings.keep.end(), right.name) == settings.keep.end())
      continue;
    if (const auto there = base::substitute({right.capability}, permitted))
      bits |= there->bits();
    else if (is_left(right, permitted))
      bits |= base::CapabilitySet{CAP_DAC_OVERRIDE}.bits();
  }
  return base::CapabilitySet::from_bits(bits);
}

void say(const char* what, const std::optional<Error>& failure) {
  if (failure) spdlog::warn("{}: {}", what, std::strerror(failure->code));
}

[[noreturn]] void refuse_lock(const Error& failure) {
  throw std::runtime_error("rights cannot be locked (" + std::string(std::strerror(failure.code)) +
                           "): leave rights.lock out, or allow capget(), capset() and prctl()");
}

}  // namespace

void lower_rights() {
  say("rights stay effective all the time, for the kernel does not let them be lowered",
      base::lower_all());
}

void give_up_rights(base::CapabilitySet but) {
  say("a thread keeps rights that it does not need", base::lock(but));
}

bool lock_rights(const config::Rights& settings) {
  if (!settings.lock) return false;
  const auto before = base::capabilities();
  if (!before) refuse_lock(before.error());
  if (const auto failure = base::lock(to_keep(settings, before->permitted))) refuse_lock(*failure);
  return left_of(before->permitted, settings) != before->permitted;
}

base::CapabilitySet left_of(base::CapabilitySet permitted, const config::Rights& settings) {
  if (!settings.lock) return permitted;
  return to_keep(settings, permitted);
}

std::vector<Remark> rights_lacking(base::CapabilitySet permitted, const config::Rights& settings) {
  const base::CapabilitySet left = left_of(permitted, settings);
  std::vector<Remark> remarks;
  for (const Right& right : kRights) {
    if (right.without.empty() || is_left(right, left)) continue;
    const std::string name(right.name);
    remarks.push_back({.reader = std::string(right.reader),
                       .what = "without " + name + " " + std::string(right.without),
                       .mend = is_left(right, permitted) ? "add \"" + name + "\" to rights.keep"
                                                         : "run as root, or with " + name});
  }
  return remarks;
}

std::vector<Use> rights_and_uses(base::CapabilitySet permitted, bool maps_are_locked_memory) {
  std::vector<Use> uses;
  for (const Right& right : kRights) {
    const bool is_needed = right.capability != CAP_SYS_RESOURCE || maps_are_locked_memory;
    if (right.serves.empty() || !is_needed) continue;
    const bool is_there =
        is_left(right, permitted) || base::substitute({right.capability}, permitted).has_value();
    uses.push_back({right.name, right.serves, is_there});
  }
  return uses;
}

std::string rights_line(base::CapabilitySet permitted, const config::Rights& settings) {
  const base::CapabilitySet left = left_of(permitted, settings);
  std::string names;
  for (const Right& right : kRights)
    if (left.has({right.capability})) names += (names.empty() ? "" : " ") + std::string(right.name);
  if (settings.lock) return "rights: locked, " + (names.empty() ? "none is left" : "kept " + names);
  if (names.empty()) return "rights: none";
  return "rights: " + names + ", each raised only around the calls that need it";
}

}  // namespace hostmeter::app
