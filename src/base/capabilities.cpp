#include "base/capabilities.hpp"

#include <sys/capability.h>
#include <sys/prctl.h>

#include <string>

namespace hostmeter::base {
namespace {

// libcap's cap_set_proc needs a cap_t from the heap; these two of it take the kernel's own struct.
constexpr unsigned kWords = _LINUX_CAPABILITY_U32S_3;
using Words = __user_cap_data_struct[kWords];

constexpr std::uint64_t joined(std::uint32_t low, std::uint32_t high) {
  return std::uint64_t{high} << 32 | low;
}

std::optional<Error> set(const Capabilities& wanted) {
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  Words words{};
  for (unsigned word = 0; word < kWords; ++word) {
    const unsigned shift = 32 * word;
    words[word].effective = std::uint32_t(wanted.effective.bits() >> shift);
    words[word].permitted = std::uint32_t(wanted.permitted.bits() >> shift);
    words[word].inheritable = std::uint32_t(wanted.inheritable.bits() >> shift);
  }
  if (::capset(&header, words) != 0) return Error{errno, "set capabilities"};
  return {};
}

constexpr CapabilitySet kPartsOfSysAdmin{CAP_BPF, CAP_PERFMON, CAP_CHECKPOINT_RESTORE};

}  // namespace

Result<Capabilities> capabilities() {
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  Words words{};
  if (::capget(&header, words) != 0) return Error{errno, "get capabilities"};
  return Capabilities{
      CapabilitySet::from_bits(joined(words[0].effective, words[1].effective)),
      CapabilitySet::from_bits(joined(words[0].permitted, words[1].permitted)),
      CapabilitySet::from_bits(joined(words[0].inheritable, words[1].inheritable)),
  };
}

std::optional<CapabilitySet> substitute(CapabilitySet wanted, CapabilitySet permitted) {
  const std::uint64_t lacking = wanted.bits() & ~permitted.bits();
  if (lacking == 0) return wanted;
  if (!kPartsOfSysAdmin.has(CapabilitySet::from_bits(lacking)) || !permitted.has({CAP_SYS_ADMIN}))
    return {};
  const CapabilitySet sys_admin{CAP_SYS_ADMIN};
  return CapabilitySet::from_bits((wanted.bits() & permitted.bits()) | sys_admin.bits());
}

std::optional<int> capability_called(std::string_view name) {
  cap_value_t number = 0;
  // libcap also takes numbers, and names in any case.
  if (!name.starts_with("CAP_")) return {};
  if (::cap_from_name(std::string(name).c_str(), &number) != 0) return {};
  return number;
}

bool may(CapabilitySet wanted) {
  const auto now = capabilities();
  return now && substitute(wanted, now->permitted).has_value();
}

std::optional<Error> lower_all() {
  auto now = capabilities();
  if (!now) return now.error();
  now->effective = {};
  return set(*now);
}

std::optional<Error> lock(CapabilitySet keep) {
  auto now = capabilities();
  if (!now) return now.error();
  const auto kept = CapabilitySet::from_bits(now->permitted.bits() & keep.bits());
  // Without it, root would get them all back from the next file it executes.
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return Error{errno, "set no_new_privs"};
  return set({CapabilitySet::from_bits(now->effective.bits() & kept.bits()), kept, {}});
}

Raised::Raised(CapabilitySet wanted) {
  const auto now = capabilities();
  if (!now) return;
  before_ = *now;
  const auto granted = substitute(wanted, now->permitted);
  const std::uint64_t possible = granted ? granted->bits() : wanted.bits() & now->permitted.bits();
  Capabilities raised = *now;
  raised.effective = CapabilitySet::from_bits(now->effective.bits() | possible);
  complete_ = granted.has_value();
  if (raised.effective == now->effective) return;
  changed_ = !set(raised);
  complete_ = complete_ && changed_;
}

Raised::~Raised() {
  if (changed_) set(before_);
}

}  // namespace hostmeter::base
