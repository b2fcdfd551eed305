#include "source/script/orphans.hpp"

#include <doctest/doctest.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

using namespace hostmeter::source::script;

namespace {

// A tree that does its best to be lost: each parent has gone, each has a session of its own.
void scatter(int depth) {
  if (::fork() == 0) {
    ::setsid();
    ::signal(SIGTERM, SIG_IGN);
    if (depth > 0) scatter(depth - 1);
    if (depth % 2 == 0) ::_exit(0);
    while (true) ::pause();
  }
}

}  // namespace

TEST_CASE("what is below us dies, but what is to stay, and nothing is left of it") {
  REQUIRE(::prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0);
  const pid_t stays = ::fork();
  if (stays == 0)
    while (true) ::pause();
  scatter(7);
  scatter(6);
  ::usleep(100'000);
  const auto before = children_of(::getpid());
  CHECK(before.size() > 2);
  CHECK(std::find(before.begin(), before.end(), stays) != before.end());
  kill_orphans(std::array{stays});
  CHECK(children_of(::getpid()) == std::vector{stays});
  kill_orphans({});
  CHECK(::waitpid(-1, nullptr, WNOHANG) == -1);
  CHECK(errno == ECHILD);
}
