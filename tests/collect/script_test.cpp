#include "hostmeter/flow/facts/script.hpp"

#include <doctest/doctest.h>

#include "collect/all.hpp"
#include "support/find_collector.hpp"

using namespace hostmeter;

TEST_CASE("scripts are told of by name, and the sandbox by its parts") {
  const CollectorSpec& spec = test::collector("script");
  CHECK(test::metric_of(spec, Group::script, unsigned(ScriptField::skipped)) ==
        "hostmeter_script_runs_total{skipped}");
  CHECK(test::metric_of(spec, Group::script, unsigned(ScriptField::printed_ns)) ==
        "hostmeter_script_age_seconds");
  CHECK(test::metric_of(spec, Group::scripts, unsigned(ScriptsField::supervisor_up)) ==
        "hostmeter_script_supervisor_up");
  CHECK(test::metric_of(spec, Group::script_sandbox, unsigned(ScriptSandbox::in_force)) ==
        "hostmeter_script_sandbox");
}
