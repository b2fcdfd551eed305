#include "tool/script/report.hpp"

#include <doctest/doctest.h>

using namespace hostmeter;
using namespace hostmeter::source::script;
using namespace hostmeter::tool;

namespace {
bool says(const std::string& text, std::string_view words) {
  return text.find(words) != std::string::npos;
}
}  // namespace

TEST_CASE("a run is told of in a few lines") {
  Trial trial;
  trial.ended =
      Ended{.id = 1, .exit_status = 3, .wall_ns = 1'500'000'000, .cpu_user_ns = 2'000'000};
  trial.ended->peak_memory_bytes = 3U << 20;
  trial.output.emplace(std::array<base::UniqueFd, 2>{}, 100);
  Verdict verdict{.result = RunResult::exit, .trouble = "it ended with status 3"};
  FeatureStates features;
  const std::string text = report({.name = "a",
                                   .path = "/a.sh",
                                   .user = "nobody",
                                   .features = features,
                                   .trial = trial,
                                   .verdict = &verdict,
                                   .denials = {{"/x is hidden", "read = [\"/x\"]"}}});
  CHECK(text ==
        "script a: /a.sh, as nobody\n"
        "result: exit, nothing of its output is taken\n"
        "        it ended with status 3\n"
        "took 1.500 s, CPU 0.002 s, peak memory 3.0 MiB\n"
        "sandbox: all 20 parts are in force\n"
        "denied, as far as can be told:\n"
        "  /x is hidden\n"
        "    -> read = [\"/x\"]\n");
}

TEST_CASE("so is one that was not run, and what of the sandbox is not in force") {
  Trial trial;
  trial.refused = Refused{1, Refusal::sandbox, EPERM, "user: set groups"};
  FeatureStates features;
  features[Feature::landlock] = {ENOSYS, "landlock"};
  const std::string text = report(
      {.name = "a", .path = "/a.sh", .user = "nobody", .features = features, .trial = trial});
  CHECK(says(text, "not run: user: set groups: Operation not permitted\n"));
  CHECK(says(text, "sandbox: 1 of 20 parts are not in force\n  landlock: landlock: Function not "));
  CHECK_FALSE(says(text, "result"));
  CHECK_FALSE(says(text, "denied"));
}

TEST_CASE("what it prints is shown as it is served") {
  MetricFamily family{.name = "a", .type = MetricType::gauge, .help = "Of a."};
  family.series = {{"a", "x=\"1\"", 2}};
  CHECK(families_text({family}) == "# HELP a Of a.\n# TYPE a gauge\na{x=\"1\"} 2\n");
  CHECK(families_text({}).empty());
}

TEST_CASE("a list has each script, and why some are not run") {
  const std::string text =
      list_text({{"one", "/a/one.sh", 60'000'000'000, ""},
                 {"longer", "/a/longer", 1'500'000'000, "others can write to it"}},
                {"the script /b is not run: it is not there"});
  CHECK(text ==
        "one     every 1m  /a/one.sh\n"
        "longer  every 1500ms  /a/longer\n"
        "        NOT RUN: others can write to it\n"
        "the script /b is not run: it is not there\n");
  CHECK(list_text({}, {}) == "there is no script\n");
}

TEST_CASE("results are called as in the metrics") {
  CHECK(name_of(RunResult::ok) == "ok");
  CHECK(name_of(RunResult::skipped) == "skipped");
}
