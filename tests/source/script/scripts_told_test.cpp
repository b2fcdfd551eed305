#include "source/script/scripts_told.hpp"

#include <doctest/doctest.h>

#include "support/captured.hpp"

using namespace hostmeter;
using namespace hostmeter::source::script;

TEST_CASE("the state of all scripts is told when it is another, or when all is asked for") {
  test::Captured out;
  InstanceIds numbers(1);
  ScriptsTold told(numbers);
  Facts<ScriptsField> now;
  now.set(ScriptsField::supervisor_up, std::uint64_t{1});
  CHECK(told.tell(now, false, out));
  CHECK_FALSE(told.tell(now, false, out));
  CHECK(told.tell(now, true, out));
  now.set(ScriptsField::waiting, std::uint64_t{2});
  CHECK(told.tell(now, false, out));
  CHECK_FALSE(told.tell(now, false, out));
}

TEST_CASE("each part of the sandbox is told as in force or not, under its name") {
  test::Captured out;
  InstanceIds numbers(1);
  ScriptsTold told(numbers);
  FeatureStates sandbox;
  sandbox[Feature(1)].error = 38;
  told.tell(sandbox, out);
  for (std::size_t i = 0; i < kFeatures; ++i) {
    const Instance instance = out.instance(to_string(Feature(i)));
    CHECK(instance != 0);
    CHECK(out.value(ScriptSandbox::in_force, kHost, instance) == std::uint64_t{i != 1});
  }
  out.clear();
  told.tell(sandbox, out);
  CHECK(out.news.empty());
}
