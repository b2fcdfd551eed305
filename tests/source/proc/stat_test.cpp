#include "source/proc/stat.hpp"

#include <doctest/doctest.h>

#include "hostmeter/flow/facts/cpu.hpp"
#include "source/proc/reader_spec.hpp"
#include "support/captured.hpp"
#include "support/made_up_host.hpp"

using namespace hostmeter;
using source::proc::parse_stat;

namespace hostmeter::source::proc {
extern const ReaderSpec stat;
}

namespace {

constexpr std::string_view kTwoCpus =
    "-- proc/stat --\n"
    "cpu  5216 0 3355 284517 1667 0 59 212 0 0\n"
    "cpu0 2215 0 1509 143496 168 0 7 106 0 0\n"
    "cpu1 3001 0 1845 141021 1498 0 52 105 0 0\n"
    "intr 176014 0 0 1\n"
    "ctxt 359478\n"
    "btime 1700000000\n"
    "processes 7597\n"
    "procs_running 1\n"
    "procs_blocked 0\n"
    "softirq 136834 0 20461\n";

bool is_gone(const test::Captured& out, Instance instance) {
  for (const NewsItem& item : out.news)
    if (const auto* gone = std::get_if<GoneInstance>(&item); gone && gone->instance == instance)
      return true;
  return false;
}

}  // namespace

TEST_CASE("counters of the host") {
  const auto facts = parse_stat(kTwoCpus);
  REQUIRE(facts);
  CHECK(facts->get(Stat::interrupts) == 176014);
  CHECK(facts->get(Stat::context_switches) == 359478);
  CHECK(facts->get(Stat::boot_time_ns) == 1'700'000'000'000'000'000);
  CHECK(facts->get(Stat::forks) == 7597);
  CHECK(facts->get(Stat::procs_running) == 1);
  CHECK(facts->get(Stat::procs_blocked) == 0);
}

TEST_CASE("counters that a truncated stat lacks are absent") {
  const auto facts = parse_stat("cpu  1 2 3\nintr 5\n");
  REQUIRE(facts);
  CHECK(facts->get(Stat::interrupts) == 5);
  CHECK_FALSE(facts->get(Stat::forks));
}

TEST_CASE("a stat that is not one is refused") {
  for (const char* text : {"", "garbage", "ctxt -1\n", "ctxt\n", "intr 99999999999999999999 1\n",
                           "btime 18446744073709551615\n"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_stat(text));
  }
}

TEST_CASE("every CPU has its own times, the sum over all has none") {
  test::MadeUpHost made_up(kTwoCpus);
  const auto reader = source::proc::stat.make(made_up.host, {});
  test::Captured out;
  reader->read({}, out);
  CHECK(out.news.size() == 2);
  CHECK(out.value(Cpu::user, kHost, out.instance("0")) == 22'150'000'000);
  CHECK(out.value(Cpu::user, kHost, out.instance("1")) == 30'010'000'000);
  CHECK(out.value(Stat::forks) == 7597);

  out.clear();
  reader->read({}, out);
  CHECK(out.news.empty());
}

TEST_CASE("a CPU that goes offline loses its series") {
  test::MadeUpHost made_up(kTwoCpus);
  const auto reader = source::proc::stat.make(made_up.host, {});
  test::Captured out;
  reader->read({}, out);
  const Instance second = out.instance("1");
  made_up.tree.write("proc/stat", "cpu  1 1 1 1 1 1 1 1\ncpu0 1 1 1 1 1 1 1 1\nctxt 1\n");
  out.clear();
  reader->read({}, out);
  CHECK(is_gone(out, second));
  CHECK(reader->parse_errors() == 0);
}

TEST_CASE("a damaged line costs its own CPU and one error") {
  test::MadeUpHost made_up(
      "-- proc/stat --\ncpu0 1 1 1 x 1 1 1 1\ncpu1 2 1 1 1 1 1 1 1\n"
      "cpu99999999999 1 1 1 1 1 1 1 1\ncpuX 1 1 1 1 1 1 1 1\nctxt 4\n");
  const auto reader = source::proc::stat.make(made_up.host, {});
  test::Captured out;
  reader->read({}, out);
  CHECK(out.instance("0") == 0);
  CHECK(out.value(Cpu::user, kHost, out.instance("1")) == 20'000'000);
  CHECK(out.value(Stat::context_switches) == 4);
  CHECK(reader->parse_errors() == 3);
}

TEST_CASE("without stat all values are taken back and nothing is an error") {
  test::MadeUpHost made_up("");
  const auto reader = source::proc::stat.make(made_up.host, {});
  test::Captured out;
  reader->read({}, out);
  CHECK_FALSE(out.value(Stat::forks));
  CHECK(reader->parse_errors() + reader->read_errors() == 0);
}
