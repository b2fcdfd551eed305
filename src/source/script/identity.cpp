#include "source/script/identity.hpp"

#include <grp.h>
#include <linux/securebits.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <vector>

namespace hostmeter::source::script {
namespace {

constexpr int kMostCapabilities = 64;

std::optional<Error> set_capabilities(std::uint64_t bits) {
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  std::array<__user_cap_data_struct, _LINUX_CAPABILITY_U32S_3> words{};
  for (unsigned word = 0; word < words.size(); ++word) {
    const auto part = std::uint32_t(bits >> (32 * word));
    words[word] = {part, part, part};
  }
  if (::syscall(SYS_capset, &header, words.data()) != 0) return Error{errno, "set capabilities"};
  return {};
}

}  // namespace

std::optional<User> find_user(std::span<const char* const> names) {
  std::array<char, 16384> buffer{};
  for (const char* name : names) {
    passwd entry{}, *found = nullptr;
    if (::getpwnam_r(name, &entry, buffer.data(), buffer.size(), &found) == 0 && found)
      return User{entry.pw_uid, entry.pw_gid};
  }
  return {};
}

std::optional<Error> drop_bounding_set(base::CapabilitySet keep) {
  for (int capability = 0; capability < kMostCapabilities; ++capability) {
    if (::prctl(PR_CAPBSET_READ, capability, 0, 0, 0) != 1) continue;
    if ((keep.bits() >> capability & 1U) == 0 && ::prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) != 0)
      return Error{errno, "drop a capability from the bounding set"};
  }
  // Being root, where the script's user is root, is worth nothing by itself.
  constexpr unsigned long kBits = SECBIT_NOROOT | SECBIT_NOROOT_LOCKED;
  const int now = ::prctl(PR_GET_SECUREBITS, 0, 0, 0, 0);
  if (now < 0 || ::prctl(PR_SET_SECUREBITS, static_cast<unsigned long>(now) | kBits, 0, 0, 0) != 0)
    return Error{errno, "set securebits"};
  return {};
}

std::optional<Error> take_user(const User& user, std::span<const std::uint32_t> groups) {
  const std::vector<gid_t> all(groups.begin(), groups.end());
  if (::prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) != 0) return Error{errno, "keep capabilities"};
  if (::setgroups(all.size(), all.data()) != 0) return Error{errno, "set groups"};
  if (::setresgid(user.gid, user.gid, user.gid) != 0) return Error{errno, "set the group"};
  if (::setresuid(user.uid, user.uid, user.uid) != 0) return Error{errno, "set the user"};
  return {};
}

std::optional<Error> keep_capabilities(base::CapabilitySet keep) {
  ::prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
  if (const auto failure = set_capabilities(keep.bits())) return failure;
  for (int capability = 0; capability < kMostCapabilities; ++capability)
    if ((keep.bits() >> capability & 1U) != 0 &&
        ::prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, capability, 0, 0) != 0)
      return Error{errno, "raise an ambient capability"};
  ::prctl(PR_SET_KEEPCAPS, 0, 0, 0, 0);
  return {};
}

}  // namespace hostmeter::source::script
