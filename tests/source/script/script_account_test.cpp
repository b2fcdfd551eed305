#include "source/script/script_account.hpp"

#include <doctest/doctest.h>

#include "support/captured.hpp"

using namespace hostmeter;
using namespace hostmeter::source::script;

namespace {

constexpr std::uint64_t kSecond = 1'000'000'000;
using Lines = std::vector<std::string>;

struct Lab {
  static Verdict good() {
    return {.is_taken = true, .families = {{.name = "a", .series = {{"a", "", 1}}}}, .series = 1};
  }
  static Verdict bad(RunResult result, std::string trouble) {
    return {.result = result, .is_failure = true, .trouble = std::move(trouble)};
  }
  void end(Verdict verdict, std::string_view remarks = {}, const Ended& run = {}) {
    account.ended(std::move(verdict), run, remarks, plan, {now, 1'700'000'000 * kSecond}, out);
  }
  std::optional<std::uint64_t> fact(ScriptField field) {
    account.told();
    return account.facts().get(field);
  }
  Lines said() {
    Lines all;
    for (const source::Remark& remark : account.take_remarks(now))
      all.push_back((remark.is_trouble ? "! " : "") + remark.what);
    return all;
  }
  // How many series the last News shows; none came: 99.
  std::size_t printed() {
    std::size_t count = 99;
    for (const NewsItem& item : out.news)
      if (const auto* printed = std::get_if<Printed>(&item)) {
        CHECK(printed->by == "script:disk");
        count = printed->families.size();
      }
    out.clear();
    return count;
  }

  Plan plan{};
  std::uint64_t now = 1'000 * kSecond;
  ScriptAccount account{"disk"};
  test::Captured out;
};

}  // namespace

TEST_CASE("a good run is shown and counted, and nothing is said of it") {
  Lab lab;
  CHECK_FALSE(lab.fact(ScriptField::duration_ns));
  CHECK_FALSE(lab.account.has_changed());
  lab.end(Lab::good(), {},
          {.wall_ns = 5, .cpu_user_ns = 2, .cpu_system_ns = 1, .peak_memory_bytes = 4'096});
  CHECK(lab.account.has_changed());
  CHECK(lab.printed() == 1);
  CHECK(lab.fact(ScriptField::ok) == 1);
  CHECK(lab.fact(ScriptField::exit) == 0);
  CHECK(lab.fact(ScriptField::duration_ns) == 5);
  CHECK(lab.fact(ScriptField::cpu_ns) == 3);
  CHECK(lab.fact(ScriptField::peak_memory_bytes) == 4'096);
  CHECK(lab.fact(ScriptField::last_success_ns) == 1'700'000'000 * kSecond);
  CHECK(lab.fact(ScriptField::printed_ns) == lab.now);
  CHECK(lab.fact(ScriptField::series) == 1);
  lab.end(Lab::good(), {}, {.cpu_user_ns = 7});
  CHECK(lab.fact(ScriptField::cpu_ns) == 10);
  CHECK_FALSE(lab.fact(ScriptField::peak_memory_bytes));
  CHECK(lab.said().empty());
}

TEST_CASE("what was good last stays until it is stale") {
  Lab lab;
  lab.plan.interval_ns = 60 * kSecond;
  lab.end(Lab::good());
  CHECK(lab.account.stale_ns() == lab.now + 120 * kSecond);
  lab.plan.limits.wall_ns = 300 * kSecond;
  lab.end(Lab::good());
  CHECK(lab.account.stale_ns() == lab.now + 300 * kSecond);
  lab.printed();
  lab.end(Lab::bad(RunResult::timeout, "it was not over in time"));
  CHECK(lab.printed() == 99);
  CHECK(lab.fact(ScriptField::series) == 1);
  CHECK(lab.fact(ScriptField::printed_ns) == lab.now);
  lab.account.hide_if_stale(lab.now + 300 * kSecond - 1, lab.out);
  CHECK(lab.printed() == 99);
  lab.account.hide_if_stale(lab.now + 300 * kSecond, lab.out);
  CHECK(lab.printed() == 0);
  CHECK(lab.fact(ScriptField::series) == 0);
  CHECK_FALSE(lab.fact(ScriptField::printed_ns));
  CHECK(lab.fact(ScriptField::last_success_ns));
  CHECK(lab.said().back() ==
        "! the script disk: what it printed last is too old and not shown any more");
  lab.account.hide_if_stale(lab.now + 900 * kSecond, lab.out);
  lab.account.hide(lab.out);
  CHECK(lab.printed() == 99);
}

TEST_CASE("trouble is said once for each change, whatever numbers are in it") {
  Lab lab;
  lab.end(Lab::bad(RunResult::exit, "it ended with status 3"), "cannot reach db (pid 4711)\n");
  CHECK(lab.said() == Lines{"! the script disk: it ended with status 3; it says: cannot reach db "
                            "(pid 4711)"});
  lab.end(Lab::bad(RunResult::exit, "it ended with status 3"), "cannot reach db (pid 23)\n");
  CHECK(lab.said().empty());
  lab.end(Lab::bad(RunResult::exit, "it ended with status 3"));
  CHECK(lab.said() == Lines{"! the script disk: it ended with status 3"});
  lab.end(Lab::good());
  CHECK(lab.said() == Lines{"the script disk: it does well again"});
  lab.end(Lab::good(), "by the way");
  CHECK(lab.said() == Lines{"the script disk: it says: by the way"});
  lab.account.refused("it is not executable");
  CHECK(lab.said() == Lines{"! the script disk: it cannot be run: it is not executable"});
  CHECK(lab.fact(ScriptField::spawn) == 1);
  CHECK(lab.fact(ScriptField::exit) == 3);
}

TEST_CASE("who says something else each time does not fill the log") {
  Lab lab;
  std::size_t lines = 0;
  for (char letter = 'a'; letter <= 'z'; ++letter) {
    lab.end(Lab::bad(RunResult::exit, "it ended with status 3"), std::string(1, letter));
    lines += lab.said().size();
    lab.now += kSecond;
  }
  CHECK(lines == ScriptAccount::kRemarksAtOnce);
  lab.now += ScriptAccount::kRemarkEveryNs;
  const Lines later = lab.said();
  REQUIRE(later.size() == 1);
  CHECK(later[0].find("it says: z (held back before it") != std::string::npos);
  CHECK(later[0].find(": 19 remarks)") != std::string::npos);
}

TEST_CASE("of a run that was stopped what it has cost counts") {
  Lab lab;
  lab.fact(ScriptField::ok);
  lab.account.stopped({.cpu_user_ns = 4, .cpu_system_ns = 1, .oom_kills = 2, .refused_forks = 3});
  CHECK(lab.account.has_changed());
  CHECK(lab.fact(ScriptField::cpu_ns) == 5);
  CHECK(lab.fact(ScriptField::oom_kills) == 2);
  CHECK(lab.fact(ScriptField::refused_forks) == 3);
  CHECK(lab.fact(ScriptField::signal) == 0);
  CHECK_FALSE(lab.fact(ScriptField::duration_ns));
}

TEST_CASE("a refusal that is said elsewhere is only counted") {
  Lab lab;
  lab.account.refused({});
  CHECK(lab.fact(ScriptField::spawn) == 1);
  CHECK(lab.said().empty());
}

TEST_CASE("a partly bad output is trouble, though the run was ok") {
  Lab lab;
  Verdict partly = Lab::good();
  partly.dropped_lines = 2;
  partly.trouble = "line 2 of its output: bad";
  lab.end(partly);
  CHECK(lab.said() == Lines{"! the script disk: line 2 of its output: bad"});
  CHECK(lab.fact(ScriptField::dropped_lines) == 2);
  CHECK(lab.fact(ScriptField::ok) == 1);
}

TEST_CASE("skipped runs, the breaker and a refused file are facts") {
  Lab lab;
  lab.fact(ScriptField::ok);
  lab.account.skipped(0);
  CHECK_FALSE(lab.account.has_changed());
  lab.account.skipped(3);
  CHECK(lab.fact(ScriptField::skipped) == 3);
  lab.account.set_breaker(false);
  CHECK(lab.said().empty());
  lab.account.set_breaker(true);
  lab.account.set_breaker(true);
  CHECK(lab.said().size() == 1);
  CHECK(lab.fact(ScriptField::is_breaker_open) == 1);
  lab.account.set_breaker(false);
  CHECK(lab.said() == Lines{"the script disk: it is run at its interval again"});
  lab.account.set_refused(true);
  CHECK(lab.account.has_changed());
  CHECK(lab.fact(ScriptField::is_refused) == 1);
}
