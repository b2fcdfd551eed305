#include "source/cgroup/script_runs.hpp"

#include <doctest/doctest.h>

using namespace hostmeter::source::cgroup;

TEST_CASE("a run of a script, and what it makes below itself, is told by its path") {
  CHECK(is_script_run("/system.slice/hostmeter.service/hostmeter-scripts/run-1"));
  CHECK(is_script_run("/hostmeter-scripts/run-4294967296"));
  CHECK(is_script_run("/user.slice/session-3.scope/hostmeter-script-run/run-1/below/it"));
}

TEST_CASE("what others make is not a run, whatever a part of its path is called") {
  CHECK_FALSE(is_script_run("/"));
  CHECK_FALSE(is_script_run(""));
  CHECK_FALSE(is_script_run("/system.slice/hostmeter.service/hostmeter-scripts"));
  CHECK_FALSE(is_script_run("/hostmeter-scripts/own"));
  CHECK_FALSE(is_script_run("/hostmeter-scripts/run-"));
  CHECK_FALSE(is_script_run("/hostmeter-scripts/run-1a"));
  CHECK_FALSE(is_script_run("/hostmeter-scripts/a/run-1"));
  CHECK_FALSE(is_script_run("/my-hostmeter-scripts/run-1"));
  CHECK_FALSE(is_script_run("/jobs/run-1"));
}
