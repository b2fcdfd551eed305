#include "tool/script/sandbox.hpp"

#include <doctest/doctest.h>

#include <cerrno>

using namespace hostmeter::source::script;
using hostmeter::tool::sandbox_answers;

TEST_CASE("every part is told of, and what is not in force with why and the mend") {
  FeatureStates states;
  states[Feature::memory] = {ENOENT, "no cgroup"};
  const auto answers = sandbox_answers(states);
  REQUIRE(answers.size() == kFeatures);
  for (std::size_t i = 0; i < kFeatures; ++i) {
    CAPTURE(i);
    CHECK(answers[i].name == to_string(Feature(i)));
    CHECK_FALSE(answers[i].serves.empty());
    CHECK(answers[i].yes == (Feature(i) != Feature::memory));
  }
  const auto& memory = answers[std::size_t(Feature::memory)];
  CHECK(memory.why == "no cgroup: No such file or directory");
  CHECK(memory.mend.find("Delegate=yes") != std::string::npos);
}
