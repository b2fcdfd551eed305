#include "source/script/script_runs.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <csignal>

#include "base/clock.hpp"
#include "source/script/fake_supervisor.hpp"
#include "support/fake_clock.hpp"

using namespace hostmeter;
using namespace hostmeter::test;

namespace {

constexpr std::uint64_t kPause = 50'000'000, kNever = ~std::uint64_t{0};

// How many descriptors do not wait, and when there are more.
using Urgent = std::pair<std::size_t, std::uint64_t>;

struct Lab {
  Lab() { REQUIRE(runs.take()); }

  static Run plain() {
    Run run;
    run.path = "/s/disk";
    run.argv = {"disk"};
    return run;
  }
  std::uint64_t start() {
    const std::uint64_t id = runs.start(plain(), 100);
    runs.advance();
    CHECK(fake.asked_run().id == id);
    return id;
  }
  std::size_t waits() const {
    std::vector<pollfd> all;
    const std::uint64_t latest = runs.append_to(all);
    if (latest != ~std::uint64_t{0}) CHECK(latest > clock.monotonic);
    return all.size();
  }
  Urgent urgent() const {
    std::vector<pollfd> all;
    const std::uint64_t latest = runs.append_urgent_to(all);
    return {all.size(), latest};
  }
  void pass() { clock.monotonic += kPause; }

  FakeSupervisor fake;
  FakeClock clock;
  ScriptRuns runs{fake.shared, clock, 2};
};

}  // namespace

TEST_CASE("what a run prints is there with its end, however late that comes") {
  Lab lab;
  const std::uint64_t id = lab.start();
  CHECK(lab.waits() == 1);
  lab.fake.say_started(id);
  CHECK(lab.runs.advance().empty());
  CHECK(lab.waits() == 1);  // most are over before it is worth to look
  lab.pass();
  CHECK(lab.waits() == 3);
  lab.fake.print("a 1\n");
  lab.fake.print("hm", 1);
  CHECK(lab.runs.advance().empty());
  CHECK(lab.waits() == 1);
  lab.fake.print("b 2\n");
  Ended ended;
  ended.id = id;
  ended.exit_status = 3;
  lab.fake.say(ended);
  CHECK(lab.runs.is_under_way(id));
  const auto over = lab.runs.advance();
  REQUIRE(over.size() == 1);
  CHECK(over[0].id == id);
  CHECK_FALSE(over[0].refused);
  CHECK(over[0].ended.exit_status == 3);
  CHECK(over[0].output->text() == "a 1\nb 2\n");
  CHECK(over[0].output->remarks() == "hm");
  CHECK_FALSE(lab.runs.is_under_way(id));
  CHECK(lab.waits() == 1);
}

TEST_CASE("a short run is heard of once, with all it printed") {
  Lab lab;
  Ended ended;
  ended.id = lab.start();
  ended.exit_status = 2;
  lab.fake.say_with_pipes(ended, "a 1\n");
  const auto over = lab.runs.advance();
  REQUIRE(over.size() == 1);
  CHECK_FALSE(over[0].refused);
  CHECK(over[0].ended.exit_status == 2);
  CHECK(over[0].output->text() == "a 1\n");
  ended.id = lab.start();
  ended.printout = Printout{{"b 1\n", "hm"}};
  lab.fake.say(ended);
  const auto next = lab.runs.advance();
  REQUIRE(next.size() == 1);
  CHECK_FALSE(next[0].refused);
  CHECK(next[0].output->text() == "b 1\n");
  CHECK(next[0].output->remarks() == "hm");
  CHECK(lab.runs.under_way() == 0);
}

TEST_CASE("a run whose output cannot be had is stopped, and none that ended without is a success") {
  Lab lab;
  const std::uint64_t id = lab.start();
  lab.fake.say(Started{id});
  auto over = lab.runs.advance();
  REQUIRE(over.size() == 1);
  REQUIRE(over[0].refused);
  CHECK(over[0].refused->why == Refusal::sandbox);
  CHECK(over[0].refused->error == EMFILE);
  CHECK(*lab.fake.asked() == Request(Stop{id}));
  CHECK(lab.runs.is_under_way(id));
  Ended ended;
  ended.id = id;
  ended.stopped = true;
  ended.signal = 9;
  lab.fake.say(ended);
  CHECK_FALSE(lab.runs.advance().at(0).output);
  CHECK_FALSE(lab.runs.is_under_way(id));

  ended = {};
  ended.id = lab.start();
  lab.fake.say(ended);
  over = lab.runs.advance();
  REQUIRE(over.size() == 1);
  REQUIRE(over[0].refused);
  CHECK(over[0].refused->error == EMFILE);
  // Why this one printed nothing is known.
  ended = {};
  ended.id = lab.start();
  ended.timed_out = true;
  lab.fake.say(ended);
  over = lab.runs.advance();
  REQUIRE(over.size() == 1);
  CHECK_FALSE(over[0].refused);
}

TEST_CASE("there are no more at once than may be, and a refusal is told") {
  Lab lab;
  CHECK(lab.runs.has_room());
  const std::uint64_t one = lab.start();
  CHECK(lab.runs.has_room());
  lab.start();
  CHECK_FALSE(lab.runs.has_room());
  lab.fake.say(Refused{one, Refusal::script, EACCES, "execute"});
  const auto over = lab.runs.advance();
  REQUIRE(over.size() == 1);
  REQUIRE(over[0].refused);
  CHECK(over[0].refused->why == Refusal::script);
  CHECK(lab.runs.has_room());
}

TEST_CASE(
    "of a run that was stopped only the cost is told, and it takes its place until it is over") {
  Lab lab;
  const std::uint64_t id = lab.start();
  lab.fake.say_started(id);
  lab.runs.advance();
  lab.runs.stop(id);
  lab.runs.stop(id);
  lab.runs.advance();
  CHECK(*lab.fake.asked() == Request(Stop{id}));
  CHECK_FALSE(lab.fake.asked());
  CHECK(lab.waits() == 1);
  CHECK(lab.runs.is_under_way(id));
  Ended ended;
  ended.id = id;
  ended.stopped = true;
  ended.cpu_user_ns = 7;
  lab.fake.say(ended);
  const auto over = lab.runs.advance();
  REQUIRE(over.size() == 1);
  CHECK_FALSE(over[0].output);
  CHECK(over[0].ended.cpu_user_ns == 7);
  CHECK_FALSE(lab.runs.is_under_way(id));
}

TEST_CASE(
    "who prints little waits for the next rest's end, and who once printed much for a pause") {
  Lab lab;
  const std::uint64_t id = lab.runs.start(Lab::plain(), 1U << 20);
  lab.runs.advance();
  lab.fake.asked_run();
  lab.fake.say_started(id);
  lab.fake.print("a 1\n");
  lab.runs.advance();
  lab.pass();
  CHECK(lab.waits() == 3);
  CHECK(lab.urgent() == Urgent{0, kNever});
  lab.fake.print(std::string(50'000, 'x'));
  lab.runs.advance();
  CHECK(lab.urgent() == Urgent{2, kNever});
  lab.runs.advance();  // finds nothing, for now
  CHECK(lab.urgent() == Urgent{0, lab.clock.monotonic + kPause});
  lab.pass();
  CHECK(lab.urgent() == Urgent{2, kNever});
}

TEST_CASE("of a run that was stopped the end is told, also when it was refused") {
  Lab lab;
  const std::uint64_t id = lab.start();
  lab.runs.stop(id);
  lab.fake.say(Refused{id, Refusal::script, ENOENT, "execute"});
  auto over = lab.runs.advance();
  REQUIRE(over.size() == 1);
  CHECK(over[0].id == id);
  CHECK_FALSE(over[0].refused);
  CHECK_FALSE(over[0].output);
  CHECK(over[0].ended == Ended());
  CHECK_FALSE(lab.runs.is_under_way(id));

  Run too_long = Lab::plain();
  too_long.argv.resize(kMostTexts + 1, "word");
  const std::uint64_t other = lab.runs.start(too_long, 100);
  lab.runs.stop(other);
  over = lab.runs.advance();
  REQUIRE(over.size() == 1);
  CHECK(over[0].id == other);
  CHECK_FALSE(over[0].refused);
}

TEST_CASE("who prints too much is stopped, and that is told") {
  Lab lab;
  const std::uint64_t id = lab.start();
  lab.fake.say_started(id);
  lab.fake.print("a 1\n" + std::string(200, 'x'));
  lab.runs.advance();
  CHECK(*lab.fake.asked() == Request(Stop{id}));
  Ended ended;
  ended.id = id;
  ended.stopped = true;
  lab.fake.say(ended);
  const auto over = lab.runs.advance();
  REQUIRE(over.size() == 1);
  CHECK(over[0].output->is_cut());
  CHECK(over[0].output->text() == "a 1\n");
}

TEST_CASE("runs of whoever had the supervisor before are taken over, or die") {
  FakeSupervisor fake;
  const FakeClock clock;
  ScriptRuns first(fake.shared, clock, 2), second(fake.shared, clock, 2);
  CHECK(first.take());
  CHECK(first.take());
  CHECK_FALSE(second.take());
  const std::uint64_t kept = first.start(Lab::plain(), 100), other = first.start(Lab::plain(), 100);
  first.advance();
  fake.asked_run();
  fake.asked_run();
  CHECK(second.under_way() == 0);  // of its own, for it has not the others to look at
  first.let_go();
  CHECK(first.under_way() == 0);
  REQUIRE(second.take());
  CHECK(second.under_way() == 2);
  CHECK_FALSE(second.has_room());
  second.keep_only({kept});
  CHECK(second.advance().empty());
  CHECK(*fake.asked() == Request(Stop{other}));
  fake.run(other, "a 1\n");
  CHECK_FALSE(second.advance().at(0).output);
  fake.run(kept, "b 1\n");
  fake.say(Refused{kept + 100, Refusal::busy, EAGAIN, "pool is full"});
  fake.say(Standing{});
  const auto over = second.advance();
  REQUIRE(over.size() == 1);
  CHECK(over[0].output->text() == "b 1\n");
  CHECK(second.standing());
}

TEST_CASE("when the supervisor is gone nothing is waited for any more") {
  Lab lab;
  const std::uint64_t id = lab.start();
  lab.fake.say_started(id);
  lab.runs.advance();
  lab.fake.die();
  CHECK(lab.runs.advance().empty());
  CHECK(lab.runs.is_gone());
  CHECK(lab.waits() == 0);
  CHECK_FALSE(lab.runs.has_room());
  CHECK_FALSE(lab.runs.is_under_way(id));
}

TEST_CASE("of a supervisor that was killed no zombie is left") {
  auto started = Supervisor::start({});
  REQUIRE(started);
  const pid_t pid = started->pid();
  SharedSupervisor shared(std::move(*started));
  const base::SystemClock clock;
  ScriptRuns runs(shared, clock, 2);
  REQUIRE(runs.take());
  REQUIRE(::kill(pid, SIGKILL) == 0);
  const std::uint64_t until = clock.monotonic_ns() + 30'000'000'000;
  while (clock.monotonic_ns() < until && ::kill(pid, 0) == 0) {
    runs.advance();
    ::usleep(10'000);
  }
  CHECK(runs.is_gone());
  CHECK(::kill(pid, 0) != 0);
  runs.advance();
  std::vector<pollfd> waits;
  CHECK(runs.append_to(waits) == ~std::uint64_t{0});
}

TEST_CASE("a request that no message holds is refused here") {
  Lab lab;
  Run run = Lab::plain();
  run.argv.resize(kMostTexts + 1, "word");
  const std::uint64_t id = lab.runs.start(run, 100);
  const auto over = lab.runs.advance();
  REQUIRE(over.size() == 1);
  CHECK(over[0].id == id);
  CHECK(over[0].refused->why == Refusal::malformed);
  lab.start();  // the next is asked for
}

TEST_CASE("a supervisor that does not listen is asked again later") {
  Lab lab;
  std::size_t filled = 0;
  while (::send(lab.fake.shared.it().fd(), "x", 1, MSG_DONTWAIT) == 1) ++filled;
  lab.runs.start(Lab::plain(), 100);
  CHECK(lab.runs.advance().empty());
  std::vector<pollfd> waits;
  lab.runs.append_to(waits);
  CHECK(waits[0].events == (POLLIN | POLLOUT));
  CHECK_FALSE(lab.runs.is_gone());
}

TEST_CASE("who prints much is read on, so that it need not wait for us") {
  Lab lab;
  const std::uint64_t id = lab.runs.start(Lab::plain(), 1U << 20);
  lab.runs.advance();
  lab.fake.asked_run();
  lab.fake.say_started(id);
  lab.runs.advance();
  lab.pass();
  lab.fake.print(std::string(50'000, 'x'));
  lab.runs.advance();
  CHECK(lab.waits() == 3);
  lab.runs.advance();
  CHECK(lab.waits() == 1);
}
