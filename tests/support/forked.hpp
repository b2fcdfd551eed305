// A fork that never answers with -1: a signal to that "process" reaches every other one.
#pragma once
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace hostmeter::test {

inline pid_t forked() {
  const pid_t pid = ::fork();
  if (pid < 0) throw std::system_error(errno, std::generic_category(), "fork");
  return pid;
}

}  // namespace hostmeter::test
