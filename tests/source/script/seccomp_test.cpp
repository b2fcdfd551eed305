#include "source/script/seccomp.hpp"

#include <doctest/doctest.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <thread>

using namespace hostmeter::source::script;

namespace {

template <class Check>
int in_child(const Allowances& allow, Check check) {
  const pid_t child = ::fork();
  if (child == 0) {
    ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    const auto filters = SeccompFilters::compile();
    if (!filters || filters->restrict_to(allow)) ::_exit(2);
    ::_exit(check() ? 0 : 1);
  }
  int status = 0;
  return ::waitpid(child, &status, 0) == child && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

bool has_seccomp() {
  const int result = in_child({}, [] { return true; });
  if (result != 0) std::puts("SKIPPED: seccomp is not to be had here");
  return result == 0;
}

}  // namespace

TEST_CASE("what is refused is refused to root as well") {
  if (!has_seccomp()) return;
  CHECK(in_child({}, [] {
          return ::unshare(CLONE_NEWNS) != 0 && errno == EPERM &&
                 ::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr) != 0 && errno == EPERM &&
                 ::chroot("/") != 0 && errno == EPERM;
        }) == 0);
}

TEST_CASE("processes, threads and pipes work as ever") {
  if (!has_seccomp()) return;
  CHECK(in_child({}, [] {
          bool has_run = false;
          std::thread([&] { has_run = true; }).join();
          int ends[2];
          const pid_t child = ::fork();
          if (child == 0) ::_exit(7);
          int status = 0;
          return has_run && ::waitpid(child, &status, 0) == child && WEXITSTATUS(status) == 7 &&
                 ::socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0;
        }) == 0);
}

TEST_CASE("sockets are as they are allowed") {
  if (!has_seccomp()) return;
  const auto makes = [](int family) {
    return [=] { return ::socket(family, SOCK_DGRAM, 0) >= 0; };
  };
  Allowances network;
  network.network = true;
  Allowances local;
  local.sockets = {"/run/x"};
  CHECK(in_child({}, makes(AF_INET)) == 1);
  CHECK(in_child({}, makes(AF_UNIX)) == 1);
  CHECK(in_child(network, makes(AF_INET)) == 0);
  CHECK(in_child(network, makes(AF_UNIX)) == 1);
  CHECK(in_child(local, makes(AF_UNIX)) == 0);
  CHECK(in_child(local, makes(AF_INET)) == 1);
}

TEST_CASE("filters that were not compiled restrict nobody, and say so") {
  const auto failure = SeccompFilters().restrict_to({});
  REQUIRE(failure);
  CHECK(failure->code == ENOTSUP);
}
