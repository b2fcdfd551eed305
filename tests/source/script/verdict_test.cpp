#include "source/script/verdict.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <unistd.h>

#include <csignal>

using namespace hostmeter;
using namespace hostmeter::source::script;

namespace {

// What a run comes to that prints this.
Verdict of(std::string_view text, const Ended& ended = {}, const Plan& plan = {}) {
  std::array<int, 2> out{}, err{};
  REQUIRE(::pipe2(out.data(), O_CLOEXEC | O_NONBLOCK) == 0);
  REQUIRE(::pipe2(err.data(), O_CLOEXEC | O_NONBLOCK) == 0);
  REQUIRE(::write(out[1], text.data(), text.size()) == ssize_t(text.size()));
  ::close(out[1]);
  ::close(err[1]);
  RunOutput output({base::UniqueFd(out[0]), base::UniqueFd(err[0])}, plan.most_bytes);
  std::string buffer;
  output.finish(buffer);
  return verdict(plan, ended, output);
}

}  // namespace

TEST_CASE("a good run is taken, and nothing is said of it") {
  const Verdict good = of("# TYPE a gauge\na{x=\"1\"} 1\na{x=\"2\"} 2\n");
  CHECK(good.result == RunResult::ok);
  CHECK(good.is_taken);
  CHECK_FALSE(good.is_failure);
  REQUIRE(good.families.size() == 1);
  CHECK(good.families[0].series.size() == 2);
  CHECK(good.series == 2);
  CHECK(good.trouble.empty());
  CHECK(of("").result == RunResult::ok);
  CHECK(of("").is_taken);
}

TEST_CASE("a bad line costs itself, and only if nothing is left the run") {
  const Verdict partly = of("a 1\nb b\nc 3\nd\n");
  CHECK(partly.result == RunResult::ok);
  CHECK(partly.series == 2);
  CHECK(partly.dropped_lines == 2);
  CHECK(partly.trouble.starts_with("line 2 of its output: "));
  CHECK(partly.trouble.ends_with(", and 1 more bad lines"));
  const Verdict garbage =
      of("Segmentation fault\n\x7f"
         "ELF\x01\x02\xff\n");
  CHECK(garbage.result == RunResult::parse);
  CHECK_FALSE(garbage.is_taken);
  CHECK(garbage.is_failure);
  CHECK(garbage.dropped_lines == 2);
}

TEST_CASE("what is printed with a status other than 0 is taken only if that is wanted") {
  const Verdict failed = of("a 1\n", {.exit_status = 3});
  CHECK(failed.result == RunResult::exit);
  CHECK_FALSE(failed.is_taken);
  CHECK(failed.is_failure);
  CHECK(failed.trouble == "it ended with status 3");
  Plan lenient;
  lenient.ignore_error = true;
  const Verdict taken = of("a 1\n", {.exit_status = 3}, lenient);
  CHECK(taken.result == RunResult::exit);
  CHECK(taken.is_taken);
  CHECK_FALSE(taken.is_failure);
  CHECK(taken.series == 1);
  for (const char* nothing : {"", "# only a comment\n", "sh: no such command\n"}) {
    const Verdict empty = of(nothing, {.exit_status = 127}, lenient);
    CHECK(empty.result == RunResult::exit);
    CHECK_FALSE(empty.is_taken);
    CHECK(empty.is_failure);
  }
  CHECK(of("", {.exit_status = 127}, lenient).trouble == "it ended with status 127");
}

TEST_CASE("what was printed is read again as it was taken") {
  Plan plan;
  plan.most_series = 2;
  const std::string text = "a 1\nb b\nc 3\nd 4\n";
  const Verdict first = of(text, {}, plan);
  const auto again = families_of(plan, {.text = text});
  REQUIRE(again.size() == first.families.size());
  for (std::size_t i = 0; i < again.size(); ++i) CHECK(again[i].name == first.families[i].name);
}

TEST_CASE("who was killed, or not over in time, has said nothing") {
  Plan lenient;
  lenient.ignore_error = true;
  const Verdict killed = of("a 1\n", {.signal = SIGSEGV}, lenient);
  CHECK(killed.result == RunResult::signal);
  CHECK_FALSE(killed.is_taken);
  CHECK(killed.trouble == "it was killed by SIGSEGV");
  CHECK(of("", {.signal = SIGKILL, .oom_kills = 1}).trouble ==
        "it was killed at its limit of memory");
  const Verdict late = of("a 1\n", {.exit_status = 0, .timed_out = true}, lenient);
  CHECK(late.result == RunResult::timeout);
  CHECK_FALSE(late.is_taken);
  CHECK(late.is_failure);
  CHECK(killed_by(63) == "killed by signal 63");
}

TEST_CASE("of too much the first is taken, and it is said") {
  Plan small;
  small.most_bytes = 10;
  const Verdict cut = of("a 1\nb 2\nc 3\n", {.signal = SIGKILL, .stopped = true}, small);
  CHECK(cut.result == RunResult::output);
  CHECK(cut.is_taken);
  CHECK(cut.is_failure);
  CHECK(cut.series == 2);
  Plan few;
  few.most_series = 2;
  const Verdict many = of("a 1\nb 2\nc 3\nd 4\n", {}, few);
  CHECK(many.result == RunResult::output);
  CHECK(many.is_taken);
  CHECK_FALSE(many.is_failure);
  CHECK(many.series == 2);
  CHECK(many.dropped_lines == 2);
  Plan narrow;
  narrow.most_line_bytes = 8;
  const Verdict wide = of("a 1\nb 23456789\nc 3\n", {}, narrow);
  CHECK(wide.result == RunResult::output);
  CHECK(wide.series == 2);
  CHECK(wide.dropped_lines == 1);
  CHECK(of("b 23456789\n", {}, narrow).result == RunResult::parse);
}

TEST_CASE("what is printed is read in the format that it is told to be in") {
  Plan plan;
  plan.output.format = parse::Format::influx;
  Verdict read = of("disk,at=/ used=5,free=7i 1000\nbad\n", {}, plan);
  CHECK(read.result == RunResult::ok);
  CHECK(read.series == 2);
  CHECK(read.dropped_lines == 1);
  CHECK(read.trouble.starts_with("line 2 of its output: "));
  plan.output.format = parse::Format::value;
  plan.output.name = "jobs";
  read = of("42\n", {}, plan);
  REQUIRE(read.families.size() == 1);
  CHECK(read.families[0].name == "jobs_value");
  CHECK(read.families[0].series.at(0).value == 42);
  plan.output.format = parse::Format::json;
  CHECK(of("{\"a\": 1, \"b\": {\"c\": 2}}", {}, plan).series == 2);
  CHECK(of("{\"a\": ", {}, plan).result == RunResult::parse);
}

TEST_CASE("the status of a plugin of Nagios is a figure, and no failure up to 3") {
  Plan plan;
  plan.output.format = parse::Format::nagios;
  const char* text = "LOAD WARNING | load1=5.5;4;8\n";
  const Verdict warning = of(text, {.exit_status = 1}, plan);
  CHECK(warning.result == RunResult::ok);
  CHECK(warning.is_taken);
  CHECK(warning.series > 1);
  CHECK(of(text, {.exit_status = 4}, plan).result == RunResult::exit);
}

TEST_CASE("of JSON that was cut off nothing is taken, so that what was there before stays") {
  Plan plan;
  plan.output.format = parse::Format::json;
  plan.most_bytes = 10;
  const Verdict cut = of("{\"a\": 1, \"b\": 2}\n", {}, plan);
  CHECK(cut.result == RunResult::output);
  CHECK_FALSE(cut.is_taken);
}
