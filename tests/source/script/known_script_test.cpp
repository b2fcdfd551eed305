#include "source/script/known_script.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "source/script/follower_lab.hpp"

using namespace hostmeter;
using namespace hostmeter::test;
using Lab = FollowerLab;

TEST_CASE("the next configuration shows at once what is known, and takes over what is under way") {
  Lab lab({"disk.sh", "raid.sh"});
  const std::uint64_t disk = lab.asked("disk.sh"), raid = lab.asked("raid.sh");
  lab.end(raid, "a 1\nb 2\n");
  ScriptFollower next = lab.next();
  Captured out;
  next.follow(out, false);
  CHECK(out.value(ScriptField::ok, kHost, out.instance("raid")) == 1);
  CHECK(out.value(ScriptField::series, kHost, out.instance("raid")) == 2);
  CHECK(out.value(ScriptField::printed_ns, kHost, out.instance("raid")) == lab.clock.monotonic);
  CHECK(out.value(ScriptsField::supervisor_up) == 1);
  CHECK(out.value(ScriptSandbox::in_force, kHost, out.instance("seccomp")) == 1);
  const auto shown = [&] {
    Lines all;
    for (const NewsItem& item : out.news)
      if (const auto* printed = std::get_if<Printed>(&item))
        all.push_back(printed->by + ":" + std::to_string(printed->families.size()));
    return all;
  };
  CHECK(shown() == Lines{"script:raid:2"});
  const Instance disk_instance = out.instance("disk"), raid_instance = out.instance("raid");
  lab.follower->end();
  CHECK_FALSE(lab.is_asked());  // nothing is stopped
  out.clear();
  next.follow(out, false);
  CHECK_FALSE(lab.is_asked());  // and nothing is run out of turn
  CHECK(shown().empty());
  lab.fake.run(disk, "c 1\n");
  out.clear();
  next.follow(out, false);
  CHECK(shown() == Lines{"script:disk:1"});
  CHECK(out.value(ScriptField::ok, kHost, disk_instance) == 1);
  lab.clock.monotonic += kMinute + kMinute / 2;
  next.follow(out, false);
  Lines run{lab.name_of(lab.fake.asked_run()), lab.name_of(lab.fake.asked_run())};
  std::ranges::sort(run);
  CHECK(run == Lines{"disk.sh", "raid.sh"});
  next.follow(out, true);
  CHECK(out.value(ScriptField::ok, kHost, raid_instance) == 1);
}

TEST_CASE("what was printed while both were there is told by the next one") {
  Lab lab({"disk.sh", "raid.sh"});
  const std::uint64_t disk = lab.asked("disk.sh");
  ScriptFollower next = lab.next();
  Captured out;
  next.follow(out, false);
  lab.end(disk, "a 1\n");
  lab.follower->end();
  next.follow(out, false);
  CHECK(std::get<Printed>(out.news.back()).families.at(0).name == "a");
  CHECK(out.value(ScriptField::ok, kHost, out.instance("disk")) == 1);
}

TEST_CASE(
    "while another is about to take over nothing is started or counted, and none waits to print") {
  Lab lab({"disk.sh", "raid.sh"}, 1);
  const std::uint64_t disk = lab.asked("disk.sh");
  lab.fake.say_started(disk);
  lab.look();
  {
    const SharedSupervisor::Hold hold(lab.fake.shared);
    for (int i = 0; i < 10; ++i) {
      lab.fake.print('#' + std::string(16U << 10, 'a') + "\na 1\n");  // a pipe holds four of these
      lab.pass(kSecond / 10);
    }
    lab.fake.say(Ended{.id = disk});
    lab.pass(2 * kMinute);
    CHECK_FALSE(lab.is_asked());
    lab.look(true);
    CHECK(lab.fact(ScriptField::ok, "disk") == 0);
    CHECK(lab.fact(ScriptField::skipped, "disk") == 0);
  }
  lab.look(true);
  CHECK(lab.fact(ScriptField::ok, "disk") == 1);
  lab.asked("raid.sh");
}

TEST_CASE("who takes over meanwhile counts what has ended, once it serves") {
  Lab lab({"disk.sh"});
  const std::uint64_t disk = lab.asked("disk.sh");
  ScriptFollower next = lab.next();
  Captured out;
  {
    const SharedSupervisor::Hold hold(lab.fake.shared);
    next.follow(out, false);
    lab.fake.run(disk, "a 1\n");
    lab.look();
    lab.follower->end();
    next.follow(out, true);
    CHECK(out.value(ScriptField::ok, kHost, out.instance("disk")) == 0);
  }
  next.follow(out, true);
  CHECK(out.value(ScriptField::ok, kHost, out.instance("disk")) == 1);
}

TEST_CASE("a script that is run otherwise now keeps its figures, and is run anew") {
  Lab lab({"disk.sh", "raid.sh"});
  lab.end(lab.asked("disk.sh"), "a 1\n");
  const std::uint64_t raid = lab.asked("raid.sh");
  std::vector<Plan> plans = lab.scripts.plans();
  plans[0].arguments = {"-v"};
  plans[0].run = {lab.scripts.at("*.sh")};
  ScriptFollower next = lab.next(plans);
  Captured out;
  lab.follower->end();
  next.follow(out, false);
  CHECK(out.value(ScriptField::ok, kHost, out.instance("disk")) == 1);
  CHECK(out.value(ScriptField::series, kHost, out.instance("disk")) == 1);
  CHECK(*lab.fake.asked() == Request(Stop{raid}));
  CHECK(lab.fake.asked_run().argv.size() == 2);
}

TEST_CASE("one configuration after the other has the supervisor") {
  Lab lab({"disk.sh"});
  const std::uint64_t id = lab.asked("disk.sh");
  ScriptFollower next = lab.next();
  Captured out;
  next.follow(out, false);
  lab.scripts.put("disk.sh", "echo");
  lab.follower->end();
  next.follow(out, false);
  CHECK(*lab.fake.asked() == Request(Stop{id}));
  lab.fake.run(id, "late 1\n");
  lab.clock.monotonic += kSecond;
  next.follow(out, false);
  const std::uint64_t other = lab.asked("disk.sh");
  lab.fake.run(other, "a 1\n");
  out.clear();
  next.follow(out, false);
  CHECK(out.value(ScriptField::ok, kHost, out.instance("disk")).value_or(0) == 0);
  CHECK(std::get<Printed>(out.news.at(0)).families.at(0).name == "a");
}

TEST_CASE("who waits for the supervisor looks for it often, whatever the one who has it runs") {
  RestingLab lab({"a.sh"});
  REQUIRE(lab.fake.shared.take());
  lab.fake.shared.under_way.emplace(1, RunUnderWay{});
  for (int i = 0; i < 3; ++i) lab.look();  // comes back, and has it not yet
  CHECK_FALSE(lab.fake.asked());
  lab.fake.shared.let_go();
  lab.look();
  CHECK(lab.fake.asked());
}
