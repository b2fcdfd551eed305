#include "source/script/limits.hpp"

#include <doctest/doctest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace hostmeter;
using namespace hostmeter::source::script;

namespace {

template <class Check>
bool holds_in_child(Check check) {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(check() ? 0 : 1);
  int status = 0;
  return ::waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

rlim_t limit_of(__rlimit_resource resource) {
  rlimit limit{};
  ::getrlimit(resource, &limit);
  return limit.rlim_max;
}

}  // namespace

TEST_CASE("limits are set, for good") {
  CHECK(holds_in_child([] {
    Run run;
    run.limits.open_files = 20;
    run.limits.file_bytes = 1000;
    const Rules rules;
    if (set_rlimits({run, rules})) return false;
    return limit_of(RLIMIT_NOFILE) == 20 && limit_of(RLIMIT_FSIZE) == 1000 &&
           limit_of(RLIMIT_CORE) == 0 && limit_of(RLIMIT_RTPRIO) == 0;
  }));
}

TEST_CASE("where no cgroup counts processes and memory, limits of the process do") {
  CHECK(holds_in_child([] {
    const rlim_t before = limit_of(RLIMIT_NPROC);
    Run run;
    run.limits.processes = 33;
    run.limits.memory_bytes = 64U << 20;
    Rules rules;
    if (set_rlimits({run, rules}) || limit_of(RLIMIT_NPROC) != before) return false;
    rules.features[Feature::processes] = {1, ""};
    rules.features[Feature::memory] = {1, ""};
    return !set_rlimits({run, rules}) && limit_of(RLIMIT_NPROC) == 33 &&
           limit_of(RLIMIT_DATA) == 64U << 20;
  }));
}

TEST_CASE("a lower limit of ours stays as it is") {
  CHECK(holds_in_child([] {
    const rlimit few{10, 10};
    ::setrlimit(RLIMIT_NOFILE, &few);
    const Run run;
    const Rules rules;
    return !set_rlimits({run, rules}) && limit_of(RLIMIT_NOFILE) == 10;
  }));
}

TEST_CASE("others go first") {
  CHECK(holds_in_child([] { return !lower_priority() && ::getpriority(PRIO_PROCESS, 0) == 10; }));
}
