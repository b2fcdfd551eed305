#include "source/script/identity.hpp"

#include <doctest/doctest.h>
#include <grp.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>

using namespace hostmeter;
using namespace hostmeter::source::script;

namespace {

// In a process of its own, for there is no way back.
template <class Check>
bool holds_in_child(Check check) {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(check() ? 0 : 1);
  int status = 0;
  return ::waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

bool is_root() {
  if (::geteuid() == 0) return true;
  std::puts("SKIPPED: needs root");
  return false;
}

}  // namespace

TEST_CASE("the first user that there is, is taken") {
  const auto found = find_user(std::array{"no-such-user-here", "root", "nobody"});
  REQUIRE(found);
  CHECK(found->uid == 0);
  CHECK_FALSE(find_user(std::array{"no-such-user-here"}));
}

TEST_CASE("without rights there is no way back to root") {
  if (!is_root()) return;
  CHECK(holds_in_child([] {
    const std::array<std::uint32_t, 1> groups{27};
    if (drop_bounding_set({}) || take_user({65534, 65534}, groups) || keep_capabilities({}))
      return false;
    std::array<gid_t, 8> now{};
    if (::getgroups(now.size(), now.data()) != 1 || now[0] != 27) return false;
    const auto left = base::capabilities();
    return ::setuid(0) != 0 && ::setgid(0) != 0 && ::getuid() == 65534 && left &&
           left->permitted.bits() == 0;
  }));
}

TEST_CASE("what is granted is kept, and is all there is") {
  if (!is_root()) return;
  CHECK(holds_in_child([] {
    const base::CapabilitySet keep{CAP_NET_RAW};
    if (drop_bounding_set(keep) || take_user({65534, 65534}, {}) || keep_capabilities(keep))
      return false;
    const auto left = base::capabilities();
    return left && left->effective == keep && left->permitted == keep;
  }));
}

TEST_CASE("a user that is root has no right by being root") {
  if (!is_root()) return;
  CHECK(holds_in_child([] {
    if (drop_bounding_set({}) || take_user({0, 0}, {}) || keep_capabilities({})) return false;
    return ::execl("/bin/sh", "sh", "-c", "grep -q 'CapEff:.0000000000000000' /proc/self/status",
                   nullptr) == 0;
  }));
}
