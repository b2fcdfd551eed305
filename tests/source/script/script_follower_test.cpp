#include "source/script/script_follower.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <thread>

#include "base/clock.hpp"
#include "source/script/follower_lab.hpp"
#include "source/script/lab.hpp"

using namespace hostmeter;
using namespace hostmeter::test;
using Lab = FollowerLab;
namespace fs = std::filesystem;

TEST_CASE("what is there is run within the spread, then at its interval, and shown") {
  Lab lab({"disk.sh", "raid.sh"}, 4, 10 * kSecond);
  CHECK(lab.has_said("2 scripts are run"));
  CHECK(lab.fact(ScriptField::ok, "disk") == 0);
  CHECK(lab.out.value(ScriptsField::supervisor_up) == 1);
  CHECK(lab.out.value(ScriptSandbox::in_force, kHost, lab.instances.at("seccomp")) == 1);
  lab.pass(10 * kSecond);
  const std::uint64_t disk = lab.asked("disk.sh"), raid = lab.asked("raid.sh");
  CHECK_FALSE(lab.is_asked());
  lab.end(raid, "a 1\nb 2\n");
  CHECK(lab.printed() == Lines{"raid:2"});
  CHECK(lab.fact(ScriptField::ok, "raid") == 1);
  CHECK(lab.fact(ScriptField::series, "raid") == 2);
  CHECK(lab.fact(ScriptField::last_success_ns, "raid") == lab.clock.realtime);
  CHECK_FALSE(lab.fact(ScriptField::ok, "disk"));  // not sent: it is as it was
  lab.end(disk, "c 1\n");
  CHECK(lab.printed() == Lines{"disk:1"});
  lab.pass(kMinute + kMinute / 2);
  CHECK(lab.asked("disk.sh") != disk);
  lab.asked("raid.sh");
  CHECK_FALSE(lab.is_asked());
  CHECK(lab.said.empty());
}

TEST_CASE("a run that is due while the last still runs is skipped and counted") {
  Lab lab({"disk.sh"});
  const std::uint64_t id = lab.asked("disk.sh");
  lab.pass(2 * kMinute);
  CHECK_FALSE(lab.is_asked());
  CHECK(lab.fact(ScriptField::skipped, "disk").value_or(0) >= 1);
  lab.end(id, "a 1\n");
  CHECK(lab.printed() == Lines{"disk:1"});
  CHECK_FALSE(lab.is_asked());
  lab.pass(kMinute);
  lab.asked("disk.sh");
}

TEST_CASE("after a long stop there is one run, not many") {
  Lab lab({"disk.sh"});
  lab.end(lab.asked("disk.sh"), "a 1\n");
  lab.pass(100 * kMinute);
  const std::uint64_t id = lab.asked("disk.sh");
  CHECK_FALSE(lab.is_asked());
  const std::uint64_t skipped = lab.fact(ScriptField::skipped, "disk").value_or(0);
  CHECK(skipped >= 97);
  CHECK(skipped <= 100);
  lab.end(id, "a 1\n");
  CHECK_FALSE(lab.is_asked());
}

TEST_CASE("when all places are taken others wait in order") {
  Lab lab({"a", "b", "c", "d"}, 2);
  const std::uint64_t a = lab.asked("a"), b = lab.asked("b");
  CHECK_FALSE(lab.is_asked());
  CHECK(lab.out.value(ScriptsField::waiting) == 2);
  lab.end(b, "x 1\n");
  const std::uint64_t c = lab.asked("c");
  lab.end(a, "x 1\n");
  lab.asked("d");
  CHECK(lab.out.value(ScriptsField::waiting) == 0);
  CHECK_FALSE(lab.fact(ScriptField::skipped, "d").value_or(0));
  // A pool that is full all the same: later, and first.
  lab.fake.say(Refused{c, Refusal::busy, EAGAIN, "pool is full"});
  lab.look();
  CHECK_FALSE(lab.is_asked());
  lab.pass(kSecond);
  CHECK(lab.asked("c") != c);
  CHECK(lab.out.value(ScriptField::spawn, kHost, lab.instances.at("c")).value_or(0) == 0);
}

TEST_CASE("a run that ends while others are asked for is not overlooked") {
  Lab lab({"a", "b"}, 1);
  const std::uint64_t a = lab.asked("a");
  lab.fake.run(a, "x 1\n");
  lab.fake.run(a + 1, "x 1\n");  // before it is asked for, as far as we can tell
  lab.look();
  CHECK(lab.asked("b") == a + 1);
  CHECK(lab.printed() == Lines{"a:1"});
  CHECK(lab.out.value(ScriptsField::waiting) == 0);
}

TEST_CASE("a new script is run without a restart, and one that is gone leaves nothing") {
  Lab lab({"disk.sh"});
  lab.end(lab.asked("disk.sh"), "a 1\n");
  lab.scripts.put("raid.sh");
  lab.look();
  CHECK(lab.has_said("the script raid is new, and is run: "));
  CHECK_FALSE(lab.is_asked());  // it may still be edited
  lab.pass(kSecond);
  lab.end(lab.asked("raid.sh"), "b 1\n");
  CHECK(lab.printed() == Lines{"raid:1"});
  fs::remove(lab.scripts.at("disk.sh"));
  lab.pass(kSecond);
  CHECK(lab.printed() == Lines{"disk:0"});
  CHECK(lab.has_said("the script disk is gone"));
  const auto is_disk = [&](const NewsItem& item) {
    const auto* gone = std::get_if<GoneInstance>(&item);
    return gone && gone->instance == lab.instances.at("disk");
  };
  CHECK(std::any_of(lab.out.news.begin(), lab.out.news.end(), is_disk));
  lab.pass(2 * kMinute);
  lab.asked("raid.sh");
  CHECK_FALSE(lab.is_asked());
}

TEST_CASE("an edited script is stopped and run anew at once") {
  Lab lab({"disk.sh"});
  const std::uint64_t first = lab.asked("disk.sh");
  lab.fake.say_started(first);
  lab.scripts.put("disk.sh", "echo");
  lab.look();
  CHECK(lab.has_said("was changed"));
  lab.pass(kSecond);
  CHECK(*lab.fake.asked() == Request(Stop{first}));
  CHECK_FALSE(lab.is_asked());  // while the old one still dies
  Ended ended;
  ended.id = first;
  ended.signal = SIGKILL;
  ended.cpu_user_ns = 7;
  lab.fake.say(ended);
  lab.look();
  CHECK(lab.fact(ScriptField::cpu_ns, "disk") == 7);
  const std::uint64_t second = lab.asked("disk.sh");
  CHECK(second != first);
  lab.end(second, "a 1\n");
  CHECK(lab.printed() == Lines{"disk:1"});
  CHECK(lab.fact(ScriptField::signal, "disk") == 0);
  CHECK(lab.fact(ScriptField::ok, "disk") == 1);
}

TEST_CASE("what a run has cost whose output was lost is counted when it has ended") {
  for (const bool is_at_once : {false, true}) {
    CAPTURE(is_at_once);
    Lab lab({"disk.sh"});
    Ended ended;
    ended.id = lab.asked("disk.sh");
    lab.fake.say(Started{ended.id});
    if (!is_at_once) lab.look();
    ended.cpu_user_ns = 7;
    ended.oom_kills = 2;
    lab.fake.say(ended);
    lab.look();
    CHECK(lab.fact(ScriptField::cpu_ns, "disk") == 7);
    CHECK(lab.fact(ScriptField::oom_kills, "disk") == 2);
    CHECK(lab.fact(ScriptField::spawn, "disk") == 1);
  }
}

TEST_CASE("a file that others can change is not asked to be run") {
  Lab lab({});
  lab.scripts.put("disk.sh", "true", 0757);
  lab.look();
  CHECK(lab.has_said("the script disk is not run: others can write to it"));
  lab.pass(kSecond);
  CHECK_FALSE(lab.is_asked());
  CHECK(lab.fact(ScriptField::spawn, "disk") == 1);
  CHECK(lab.fact(ScriptField::is_refused, "disk") == 1);
  CHECK(lab.fact(ScriptField::is_breaker_open, "disk") == 0);
  REQUIRE(::chmod(lab.scripts.at("disk.sh").c_str(), 0755) == 0);
  lab.pass(kSecond);
  lab.pass(kSecond);
  lab.end(lab.asked("disk.sh"), "a 1\n");
  CHECK(lab.fact(ScriptField::is_refused, "disk") == 0);
}

TEST_CASE("what the supervisor refuses is counted, and said why once") {
  Lab lab({"disk.sh"});
  lab.fake.say(Refused{lab.asked("disk.sh"), Refusal::strict, ENOSYS, "landlock: no rules"});
  lab.look();
  CHECK(lab.fact(ScriptField::spawn, "disk") == 1);
  CHECK(lab.has_said("disk: it cannot be run: strict wants the whole sandbox: landlock: no rules"));
  lab.pass(2 * kMinute);
  lab.fake.say(Refused{lab.asked("disk.sh"), Refusal::strict, ENOSYS, "landlock: no rules"});
  lab.look();
  CHECK(lab.fact(ScriptField::spawn, "disk") == 2);
  CHECK(lab.said.empty());
}

TEST_CASE("failures in a row open the breaker, and a success closes it") {
  Lab lab({"disk.sh"});
  Ended bad;
  bad.exit_status = 1;
  lab.end(lab.asked("disk.sh"), "", bad);
  CHECK(lab.has_said("it ended with status 1"));
  for (int i = 0; i < 2; ++i) {
    lab.pass(kMinute + kMinute / 2 * (i == 0));
    lab.end(lab.asked("disk.sh"), "", bad);
  }
  CHECK(lab.fact(ScriptField::is_breaker_open, "disk") == 1);
  CHECK(lab.fact(ScriptField::exit, "disk") == 3);
  CHECK(lab.has_said("it is run more seldom"));
  lab.pass(kMinute);
  CHECK_FALSE(lab.is_asked());
  lab.pass(kMinute);
  lab.end(lab.asked("disk.sh"), "a 1\n");
  CHECK(lab.fact(ScriptField::is_breaker_open, "disk") == 0);
  CHECK(lab.has_said("at its interval again"));
  lab.pass(kMinute);
  lab.asked("disk.sh");
}

TEST_CASE("values stay until they are stale") {
  Lab lab({"disk.sh"});
  lab.end(lab.asked("disk.sh"), "a 1\n");
  lab.pass(kMinute + kMinute / 2);
  const std::uint64_t id = lab.asked("disk.sh");
  CHECK(lab.printed().empty());
  lab.pass(kMinute / 2);
  CHECK(lab.printed() == Lines{"disk:0"});
  CHECK_FALSE(lab.fact(ScriptField::printed_ns, "disk"));
  lab.end(id, "a 1\n");
  CHECK(lab.printed() == Lines{"disk:1"});
}

TEST_CASE("without its supervisor the daemon goes on, and what was shown goes stale") {
  Lab lab({"disk.sh", "raid.sh"});
  lab.asked("disk.sh");
  lab.end(lab.asked("raid.sh"), "a 1\n");
  lab.fake.die();
  lab.look();
  CHECK(lab.out.value(ScriptsField::supervisor_up) == 0);
  CHECK(lab.has_said("the process that runs scripts is gone"));
  lab.pass(kSecond);
  CHECK(lab.said.empty());
  lab.pass(3 * kMinute);
  CHECK(lab.printed() == Lines{"raid:0"});
  lab.scripts.put("raid.sh", "echo");
  lab.pass(kMinute);
  lab.pass(kMinute);
  CHECK_FALSE(lab.fact(ScriptField::spawn, "raid").value_or(0));
}

TEST_CASE("Records that were lost are sent again") {
  Lab lab({"disk.sh"});
  lab.end(lab.asked("disk.sh"), "a 1\n");
  lab.look();
  CHECK(lab.out.records.empty());
  lab.look(true);
  CHECK(lab.fact(ScriptField::ok, "disk") == 1);
  CHECK(lab.out.value(ScriptsField::supervisor_up) == 1);
  CHECK(lab.out.value(ScriptSandbox::in_force, kHost, lab.instances.at("user")) == 1);
  CHECK(lab.out.news.empty());
}

TEST_CASE("parts of the sandbox that are missing are said and shown") {
  Scripts scripts({});
  FakeClock clock;
  FakeSupervisor fake;
  Standing standing;
  standing.features[Feature::landlock] = {ENOSYS, "rules of its own"};
  fake.say(standing);
  ScriptFollower follower(scripts.plans(), scripts.root, fake.shared, clock, InstanceIds(9),
                          {.together_ns = 0, .longest_wait_ns = 0});
  Captured out;
  follower.follow(out, false);
  CHECK(out.value(ScriptSandbox::in_force, kHost, out.instance("landlock")) == 0);
  CHECK(out.value(ScriptSandbox::in_force, kHost, out.instance("seccomp")) == 1);
  const auto remarks = follower.take_remarks();
  REQUIRE(remarks.size() == 2);
  CHECK(remarks[1].what ==
        "scripts run without parts of their sandbox: landlock (rules of its own: Function not "
        "implemented)");
}

TEST_CASE("while a script runs it rests, but not while another waits for its place") {
  RestingLab lab({"a.sh", "b.sh"}, 1);
  lab.look();
  const std::uint64_t first = lab.fake.asked_run().id;
  lab.fake.run(first, "a 1\n");
  lab.look();  // comes back, for b.sh waits
  const std::uint64_t second = lab.fake.asked_run().id;
  lab.fake.run(second, "b 1\n");
  std::thread other([&lab] { lab.follower.interrupt(); });
  lab.look();  // comes back, for it is interrupted
  other.join();
  CHECK(lab.fake.shared.under_way.contains(second));
}

TEST_CASE("while it rests a run that prints much is read on") {
  RestingLab lab({"a.sh"});
  lab.look();
  const std::uint64_t id = lab.fake.asked_run().id;
  lab.fake.say_started(id);
  const std::string much(40'000, 'x');
  lab.fake.print(much);
  lab.look(true);  // without a rest
  for (int i = 0; i < 4; ++i) {
    lab.fake.print(much);
    lab.look();  // comes back, although nothing else has happened
  }
  REQUIRE(lab.fake.shared.under_way.at(id).output);
  CHECK(lab.fake.shared.under_way.at(id).output->text().size() == 5 * much.size());
}

TEST_CASE("it sleeps until it is interrupted, for good") {
  Scripts scripts({});
  const base::SystemClock clock;
  FakeSupervisor fake;
  ScriptFollower follower(scripts.plans(), scripts.root, fake.shared, clock, InstanceIds(9), {});
  Captured out;
  follower.follow(out, false);
  out.clear();
  std::thread other([&follower] {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    follower.interrupt();
  });
  for (int i = 0; i < 3; ++i) follower.follow(out, false);
  CHECK(out.records.empty());
  other.join();
}

TEST_CASE("real scripts run in a real sandbox") {
  if (!can_sandbox()) return;
  Supervisor::Options options;
  options.cgroup = "hostmeter-test-" + std::to_string(::getpid());
  auto supervisor = Supervisor::start(options);
  REQUIRE(supervisor);
  SharedSupervisor shared(std::move(*supervisor));
  const RealDirectory scripts;
  scripts.put("good.sh", "echo a 1; echo careful >&2");
  scripts.put("bad.sh", "echo a 1; exit 7");
  scripts.put("flood.sh", "yes b 1");
  const base::Dir root(std::move(*base::Dir::open(paths::kRoot)));
  Plan plan;
  plan.run = {scripts.path + "/*"};
  plan.limits.wall_ns = kMinute;
  const base::SystemClock clock;
  ScriptFollower follower({plan}, root, shared, clock, InstanceIds(9), {.spread_ns = 0});
  Captured out;
  std::string said;
  const std::uint64_t until = clock.monotonic_ns() + 90 * kSecond;
  const auto has = [&](ScriptField field, const char* name) {
    return out.value(field, kHost, out.instance(name)).value_or(0) == 1;
  };
  while (clock.monotonic_ns() < until &&
         !(has(ScriptField::ok, "good") && has(ScriptField::exit, "bad") &&
           has(ScriptField::output, "flood"))) {
    follower.follow(out, false);
    for (const source::Remark& remark : follower.take_remarks()) said += remark.what + "\n";
  }
  CAPTURE(said);
  CHECK(has(ScriptField::ok, "good"));
  CHECK(has(ScriptField::exit, "bad"));
  CHECK(has(ScriptField::output, "flood"));
  CHECK(out.value(ScriptField::duration_ns, kHost, out.instance("good")).value_or(0) > 0);
  CHECK(said.find("the script good: it says: careful") != std::string::npos);
  CHECK(said.find("the script bad: it ended with status 7") != std::string::npos);
  CHECK(said.find("the script flood: it printed more than 1048576 bytes") != std::string::npos);
}

TEST_CASE("a real script that prints more than a pipe usually holds is not late for our rests") {
  if (!can_sandbox()) return;
  Supervisor::Options options;
  options.cgroup = "hostmeter-test-" + std::to_string(::getpid());
  auto supervisor = Supervisor::start(options);
  REQUIRE(supervisor);
  SharedSupervisor shared(std::move(*supervisor));
  const RealDirectory scripts;
  scripts.put(
      "much.sh",
      "i=0; while [ $i -lt 8000 ]; do i=$((i+1)); echo \"a{b=\\\"$i-0123456789\\\"} 1\"; done");
  const base::Dir root(std::move(*base::Dir::open(paths::kRoot)));
  Plan plan;
  plan.run = {scripts.path + "/*"};
  plan.interval_ns = 20 * kMinute;
  plan.limits.wall_ns = 10 * kSecond * patience();
  plan.most_series = 10'000;
  const base::SystemClock clock;
  ScriptFollower follower({plan}, root, shared, clock, InstanceIds(9),
                          {.spread_ns = 0, .together_ns = 30 * kSecond});
  Captured out;
  const std::uint64_t until = clock.monotonic_ns() + 90 * kSecond * patience();
  const auto fact = [&](ScriptField field) {
    return out.value(field, kHost, out.instance("much")).value_or(0);
  };
  while (clock.monotonic_ns() < until && fact(ScriptField::duration_ns) == 0)
    follower.follow(out, false);
  CHECK(fact(ScriptField::ok) == 1);
  CHECK(fact(ScriptField::series) == 8000);
}
