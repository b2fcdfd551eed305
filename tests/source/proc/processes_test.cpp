#include "source/proc/processes.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "source/proc/reader_spec.hpp"
#include "support/captured.hpp"
#include "support/hanging_driver.hpp"
#include "support/made_up_host.hpp"

using namespace hostmeter;
using source::proc::parse_process_stat;

namespace hostmeter::source::proc {
extern const ReaderSpec processes;
}

namespace {

constexpr std::uint64_t kSecond = 1'000'000'000;

std::string process(std::string_view pid, std::string_view name, char state, int threads) {
  return "-- proc/" + std::string(pid) + "/stat --\n" + std::string(pid) + " (" +
         std::string(name) + ") " + state + " 1 12 12 0 -1 4194560 21 0 0 0 3 4 0 0 20 0 " +
         std::to_string(threads) + " 0 812 225280 131 18446744073709551615 0 0\n";
}

std::string many() {
  return process("1", "systemd", 'S', 1) + process("2", "kthreadd", 'S', 1) +
         process("30", "a) b (c", 'R', 12) + process("31", "io", 'D', 1) +
         process("32", "gone", 'Z', 1) + process("33", "stopped", 'T', 2) +
         process("34", "traced", 't', 1) + process("35", "kw", 'I', 1) +
         process("36", "cpuhp", 'P', 1) + process("37", "new", 'K', 1) +
         "-- proc/loadavg --\n0 0 0 1/1 1\n-- proc/40/cmdline --\nended\n"
         "-- proc/sys/kernel/pid_max --\n4194304\n-- proc/sys/kernel/threads-max --\n63000\n";
}

}  // namespace

TEST_CASE("the state and the threads of a process, whatever its name") {
  const auto one = parse_process_stat(
      "17 (x) y) ) (z) S 1 17 17 0 -1 4194560 21 0 0 0 3 4 0 0 20 0 9 0 812 225280\n");
  REQUIRE(one);
  CHECK(one->state == 'S');
  CHECK(one->threads == 9);
  for (const char* damaged : {"", "17 S 1", "17 (x)", "17 (x) SS 1", "17 (x) S 1 2 3",
                              "17 (x) S 1 17 17 0 -1 4194560 21 0 0 0 3 4 0 0 20 0 many 0"}) {
    CAPTURE(damaged);
    CHECK_FALSE(parse_process_stat(damaged));
  }
}

TEST_CASE("each process counts once, under its state; one that has ended meanwhile does not") {
  test::MadeUpHost made_up(many());
  const auto reader = source::proc::processes.make(made_up.host, {});
  test::Captured out;
  reader->read({.realtime_ns = 100 * kSecond}, out);
  const std::pair<Processes, std::uint64_t> expected[] = {{Processes::running, 1},
                                                          {Processes::sleeping, 2},
                                                          {Processes::blocked, 1},
                                                          {Processes::stopped, 1},
                                                          {Processes::traced, 1},
                                                          {Processes::zombies, 1},
                                                          {Processes::dead, 0},
                                                          {Processes::paging, 0},
                                                          {Processes::parked, 1},
                                                          {Processes::idle, 1},
                                                          {Processes::unknown, 1},
                                                          {Processes::total, 10},
                                                          {Processes::threads, 22},
                                                          {Processes::max_processes, 4'194'304},
                                                          {Processes::max_threads, 63'000}};
  for (const auto& one : expected) {
    CAPTURE(int(one.first));
    CHECK(out.value(one.first) == one.second);
  }
  CHECK(reader->parse_errors() + reader->read_errors() == 0);
}

TEST_CASE("a /proc in which not all can be seen has no figures") {
  test::MadeUpHost recorded(process("30", "a", 'S', 1));
  test::Captured out;
  const auto of_recording = source::proc::processes.make(recorded.host, {});
  of_recording->read({.realtime_ns = 100 * kSecond}, out);
  CHECK_FALSE(out.value(Processes::total));
  CHECK(of_recording->read_errors() == 0);

  test::MadeUpHost hidden(process("30", "a", 'S', 1));
  hidden.host.live = true;
  const auto of_host = source::proc::processes.make(hidden.host, {});
  of_host->read({.realtime_ns = 100 * kSecond}, out);
  CHECK_FALSE(out.value(Processes::total));
  CHECK(of_host->read_errors() == 1);

  test::MadeUpHost damaged(many() + "-- proc/50/stat --\nnonsense\n");
  const auto of_damaged = source::proc::processes.make(damaged.host, {});
  of_damaged->read({.realtime_ns = 100 * kSecond}, out);
  CHECK_FALSE(out.value(Processes::total));
  CHECK(of_damaged->parse_errors() == 1);
}

TEST_CASE("it looks at its pace, and sends again what may have been lost") {
  test::MadeUpHost made_up(many());
  const auto reader = source::proc::processes.make(made_up.host, {});
  test::Captured out;
  reader->read({.realtime_ns = 100 * kSecond}, out);
  made_up.tree.write("proc/60/stat", "60 (n) S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 1 0");
  out.clear();
  reader->read({.realtime_ns = 101 * kSecond}, out);
  CHECK(out.records.empty());
  reader->read({.realtime_ns = 102 * kSecond, .resend = true}, out);
  CHECK(out.value(Processes::total) == 10);
  out.clear();
  reader->read({.realtime_ns = 104 * kSecond}, out);  // two seconds after the last
  CHECK(out.value(Processes::total) == 11);
}

TEST_CASE("on threads: a look that takes long is waited for by nobody, and followed by rest") {
  test::MadeUpHost made_up(many());
  test::ErrandProgram program;
  source::proc::Options options;
  options.surveys = program.errands;
  options.asked = {.interval_ns = 1, .rounded = false};
  const auto reader = source::proc::processes.make(made_up.host, options);
  test::Captured out;
  reader->read(program.tick, out);
  CHECK(out.value(Processes::total) == 10);  // the first is taken at once

  program.clock->hang();
  const auto is_gone = [&] { return !out.value(Processes::total); };
  const auto tick = [&] { program.tick.realtime_ns += kSecond; };
  CHECK(program.until(*reader, out, [&] { return tick(), is_gone(); }));
  program.clock->release();
  CHECK(program.until(*reader, out, [&] { return tick(), !is_gone(); }));
  const std::size_t sent = out.records.size();
  for (int i = 0; i < 5; ++i) {
    tick();
    reader->read(program.tick, out);
  }
  CHECK(out.records.size() == sent);
}

TEST_CASE("on threads: where there are many, the first look is not taken in a tick either") {
  for (const char* loadavg : {"0 0 0 1/2001 9\n", "damaged\n"}) {
    test::MadeUpHost made_up(many());
    made_up.tree.write("proc/loadavg", loadavg);
    test::ErrandProgram program;
    source::proc::Options options;
    options.surveys = program.errands;
    const auto reader = source::proc::processes.make(made_up.host, options);
    test::Captured out;
    reader->read(program.tick, out);
    CHECK_FALSE(out.value(Processes::total));
    CHECK(program.until(*reader, out, [&] { return out.value(Processes::total) == 10; }));
  }
}

TEST_CASE("of this very host: a process that is stopped, one that is a zombie, and this one") {
  source::Host host;
  host.root = std::move(*base::Dir::open("/"));
  host.proc = std::move(*base::Dir::open("/proc"));
  test::FakeClock clock;
  host.clock = &clock;
  const auto figures = [&] {
    const auto reader = source::proc::processes.make(host, {});
    test::Captured out;
    reader->read({.realtime_ns = kSecond}, out);
    return out;
  };
  if (!figures().value(Processes::total)) {
    MESSAGE("skipped: not all processes can be seen here");
    return;
  }
  const pid_t child = ::fork();
  if (child == 0) ::_exit(0);
  siginfo_t ended{};
  ::waitid(P_PID, id_t(child), &ended, WEXITED | WNOWAIT);
  const test::Captured out = figures();
  CHECK(out.value(Processes::zombies) >= 1U);
  CHECK(out.value(Processes::running) >= 1U);
  CHECK(out.value(Processes::threads) >= out.value(Processes::total));
  ::waitpid(child, nullptr, 0);
}
