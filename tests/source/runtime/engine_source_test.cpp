#include "source/runtime/engine_source.hpp"

#include <doctest/doctest.h>

#include <functional>

#include "base/clock.hpp"
#include "hostmeter/flow/facts/container.hpp"
#include "hostmeter/flow/facts/engine.hpp"
#include "support/followed_engine.hpp"

using namespace hostmeter;
using namespace hostmeter::source::runtime;
using test::FakeDocker, test::FakeEngine;

namespace {

const base::SystemClock kClock;
constexpr std::uint64_t kMs = 1'000'000;
using Following = test::FollowedEngine;

}  // namespace

TEST_CASE("at first all containers are told, then only what changes; nothing is asked in between") {
  Following f;
  f.docker.put('a', "web1");
  f.docker.put('b', "old", "exited");
  f.step();
  CHECK(f.up() == true);
  CHECK(f.is_described("web1"));
  CHECK(f.is_described("old"));
  CHECK(f.follow_until([&] { return f.engine_value(EngineField::images) == 3; }));
  CHECK(f.remarks.size() == 1);
  CHECK_FALSE(f.remarks[0].is_trouble);
  const std::size_t questions = f.engine.targets().size();
  CHECK(questions == 6);  // version, events, list, info and two containers
  const std::string events = f.engine.targets()[1], since = "events?since=";
  const auto at = events.find(since);
  REQUIRE(at != std::string::npos);
  // What happens as it connects is told twice rather than never.
  CHECK(std::stoull(events.substr(at + since.size())) < kClock.realtime_ns() / 1'000'000'000);
  const std::size_t told = f.out.news.size(), records = f.out.records.size();
  f.step();
  f.step();
  CHECK(f.engine.targets().size() == questions);
  CHECK(f.out.news.size() == told);
  CHECK(f.out.records.size() == records);
  f.docker.put('c', "new");
  f.docker.tell("create", 'c');
  f.docker.tell("start", 'c');
  CHECK(f.follow_until([&] { return f.is_described("new"); }));
  CHECK(f.asked("/containers/" + FakeDocker::id('c')) == 1);
  CHECK(f.engine.targets().size() == questions + 1);
}

TEST_CASE("those that run are asked for first, and the state of those in excess is counted") {
  Following f({.containers = {.most_shown = 1}});
  f.docker.put('a', "old", "exited");
  f.docker.put('b', "web");
  f.step();
  CHECK(f.is_described("old"));
  const Instance web = f.out.instance("/docker/" + FakeDocker::id('b'));
  CHECK(f.out.value(ContainerState::is_running, kHost, web) == 1);
  CHECK(f.engine_value(EngineField::without_state) == 1);
  CHECK(f.engine_value(EngineField::exited) == 1);
}

TEST_CASE("what is removed while it waits to be asked for is never asked for") {
  Following f;
  f.docker.put('a', "web1");
  f.step();
  f.docker.tell("die", 'a');
  f.docker.tell("destroy", 'a');
  CHECK(f.follow_until([&] { return f.is_undescribed('a'); }));
  f.step();
  CHECK(f.asked("/containers/" + FakeDocker::id('a')) == 1);
}

TEST_CASE("containers are counted by state, and images asked for again when one changes") {
  Following f;
  f.docker.put('a', "a");
  f.docker.put('b', "b", "paused");
  f.step();
  CHECK(f.engine_value(EngineField::running) == 1);
  CHECK(f.engine_value(EngineField::paused) == 1);
  CHECK(f.follow_until([&] { return f.engine_value(EngineField::images) == 3; }));
  CHECK(f.engine_value(EngineField::memory_bytes) == 1'024);
  f.docker.tell("pull", 'c', "image");
  f.docker.tell("pull", 'c', "image");
  CHECK(f.follow_until([&] { return f.asked("/info") == 2; }));
  f.step();
  CHECK(f.asked("/info") == 2);
}

TEST_CASE("an engine that ends and comes again: marked, named once, and all is known anew") {
  Following f;
  f.docker.put('a', "a");
  f.docker.put('b', "b");
  f.docker.put('c', "same");
  f.step();
  f.engine.stop();
  CHECK(f.follow_until([&] { return f.up() == false; }));
  CHECK_FALSE(f.is_undescribed('a'));  // it may be stale, it is not wrong
  f.step();
  f.step();
  f.docker.drop('a');
  f.docker.put('b', "renamed");
  f.engine.start();
  f.out.clear();
  CHECK(f.follow_until([&] { return f.up() == true; }));
  CHECK(f.is_undescribed('a'));
  CHECK(f.is_described("renamed"));
  CHECK(f.is_described("same"));  // its files, which spoke meanwhile, may have taken it back
  std::size_t troubles = 0;
  for (const source::Remark& remark : f.remarks) troubles += remark.is_trouble;
  CHECK(troubles >= 1);
  CHECK(troubles <= 2);  // ended, then nobody listens
}

TEST_CASE("a hanging engine costs its timeout, is marked, and is named again when it answers") {
  EngineOptions options;
  options.timeout_ns = 100 * kMs;
  Following f(options);
  f.docker.put('a', "a");
  f.docker.hang_at("/containers/" + FakeDocker::id('a'));
  f.step();
  CHECK(f.up() == false);
  CHECK(f.engine_value(RuntimeClient::timeouts) == 1);
  f.docker.recover();
  CHECK(f.follow_until([&] { return f.up() == true; }));
  CHECK(f.is_described("a"));
}

TEST_CASE("interrupting ends it at once, wherever it hangs") {
  Following f;
  f.docker.hang_at("/version");
  std::thread other([&] {
    while (f.engine.targets().empty()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    f.source->interrupt();
  });
  f.step();
  other.join();
  CHECK_FALSE(f.up());
  f.step();
}

TEST_CASE("one container that the engine cannot tell about costs itself only, and is said once") {
  Following f;
  f.docker.put('a', "a");
  f.docker.put_answer('b', "{\"Id\":");
  f.step();
  CHECK(f.up() == true);
  CHECK(f.is_described("a"));
  CHECK(f.engine_value(RuntimeClient::malformed) == 1);
  CHECK(f.remarks.size() == 2);
}

TEST_CASE("an event that cannot be read may have told of anything: all is asked again") {
  Following f;
  f.docker.put('a', "a");
  f.step();
  f.docker.say("{\"Type\":\"contai\n");
  CHECK(f.follow_until([&] { return f.up() == false; }));
  CHECK(f.follow_until([&] { return f.up() == true; }));
  CHECK(f.asked("/containers/json") == 2);
}

TEST_CASE("a host without the engine is nothing to speak of, unless it was asked for") {
  for (const bool is_expected : {false, true}) {
    EngineOptions options;
    options.is_expected = is_expected;
    Following f(options);
    std::filesystem::remove(f.engine.path() / FakeEngine::kSocket);
    f.step();
    CHECK(f.remarks.size() == (is_expected ? 1 : 0));
    CHECK(f.up().has_value() == is_expected);
    CHECK(f.out.records.empty() == !is_expected);
  }
}

TEST_CASE("an engine that a signal stopped is not asked, and marked until it goes on") {
  Following f;
  f.docker.put('a', "a");
  f.step();
  const std::string stat = std::to_string(::getpid()) + "/stat";
  f.tree.write(stat, "1 (dockerd) T 1\n");
  f.docker.put('b', "b");
  f.docker.tell("start", 'b');
  CHECK(f.follow_until([&] { return f.up() == false; }));
  CHECK(f.asked("/containers/" + FakeDocker::id('b')) == 0);
  f.step();
  f.tree.write(stat, "1 (dockerd) S 1\n");
  CHECK(f.follow_until([&] { return f.is_described("b"); }));
  CHECK(f.up() == true);
  CHECK(f.asked("/version") == 1);  // it was there all the time
}

TEST_CASE("one that is doubted is asked what it has: it hangs, or has not told of all") {
  EngineOptions options;
  options.timeout_ns = 300 * kMs;
  Following f(options);
  f.docker.put('a', "a");
  CHECK(f.follow_until([&] { return f.up() == true; }));
  f.docker.put('b', "unheard");
  f.step();
  CHECK_FALSE(f.is_described("unheard"));
  const std::size_t lists = f.asked("/containers/json");
  f.source->doubt();
  CHECK(f.follow_until([&] { return f.is_described("unheard"); }));
  CHECK(f.asked("/containers/json") == lists + 1);
  f.docker.hang_at("/containers/json");
  f.source->doubt();  // not again so soon
  f.step();
  CHECK(f.up() == true);
  CHECK(f.asked("/containers/json") == lists + 1);

  Following hanging(options);
  CHECK(hanging.follow_until([&] { return hanging.up() == true; }));
  hanging.docker.hang_at("/containers/json");
  hanging.source->doubt();
  CHECK(hanging.follow_until([&] { return hanging.up() == false; }));
}

TEST_CASE("disk usage is asked for only where that is wanted, and does not hold up names") {
  EngineOptions options;
  options.disk.interval_ns = 3'600'000 * kMs;
  Following f(options);
  f.docker.put('a', "a");
  f.docker.hang_at("/system/df");
  f.step();
  f.step();
  f.docker.put('b', "b");
  f.docker.tell("start", 'b');
  CHECK(f.follow_until([&] { return f.is_described("b"); }));
  CHECK(f.follow_until([&] { return f.asked("/system/df") == 1; }));

  Following other(options);
  other.docker.put('a', "a");
  CHECK(other.follow_until([&] { return other.engine_value(EngineField::disk_images) == 500; }));
  const Instance a = other.out.instance("/docker/" + FakeDocker::id('a'));
  CHECK(other.out.value(ContainerDisk::written_bytes, kHost, a) == 0);
}

TEST_CASE("what the engine itself does is asked for so often as is wanted") {
  EngineOptions options;
  options.info_interval_ns = 20 * kMs;
  Following f(options);
  CHECK(f.follow_until([&] { return f.asked("/info") >= 3; }));
  CHECK(f.engine_value(EngineField::open_files) == 59);
  CHECK(f.engine_value(EngineField::goroutines) == 63);
  CHECK(f.engine_value(EngineField::event_listeners) == 2);
}

TEST_CASE("an engine that is slow to say what it does goes on telling of its containers") {
  EngineOptions options;
  options.info_interval_ns = 20 * kMs;
  Following f(options);
  f.docker.put('a', "a");
  CHECK(f.follow_until([&] { return f.up() == true; }));
  f.docker.hang_at("/info");
  const std::size_t before = f.asked("/info");
  CHECK(f.follow_until([&] { return f.asked("/info") > before; }));
  f.docker.put('b', "b");
  f.docker.tell("start", 'b');
  CHECK(f.follow_until([&] { return f.is_described("b"); }));
  CHECK(f.up() == true);
  CHECK(f.engine_value(EngineField::goroutines) == 63);
  CHECK(f.asked("/info") <= before + 2);  // not piled up
}

TEST_CASE("names do not wait for what an engine says of itself") {
  EngineOptions options;
  options.timeout_ns = 20'000 * kMs;
  Following f(options);
  f.docker.put('a', "a");
  f.docker.hang_at("/info");
  const std::uint64_t from = f.clock.monotonic_ns();
  CHECK(f.follow_until([&] { return f.up() == true; }));
  CHECK(f.clock.monotonic_ns() - from < 15'000 * kMs);
  CHECK(f.is_described("a"));
}

TEST_CASE("services of a swarm, and variables of containers, are asked for where that is wanted") {
  EngineOptions options;
  options.swarm_interval_ns = 20 * kMs;
  options.environment = {"HEAP"};
  Following f(options);
  f.docker.put_answer(
      'a', R"({"Id":")" + FakeDocker::id('a') + R"(","Name":"/a","Config":{"Env":["HEAP=7"]}})");
  CHECK(f.follow_until([&] { return f.engine_value(RuntimeClient::refused) == 1; }));
  CHECK(f.up() == true);
  f.docker.set_services(
      R"([{"ID":"s1","Spec":{"Name":"web","Mode":{"Replicated":{"Replicas":3}}}}])", "[]");
  const auto has_services = [&] {
    return std::ranges::any_of(
        f.out.records, [](const Record& record) { return record.group == Group::swarm_service; });
  };
  CHECK(f.follow_until(has_services));
  CHECK(std::ranges::any_of(f.out.news, [](const NewsItem& item) {
    const auto* told = std::get_if<Described>(&item);
    return told && told->description.environment.size() == 1;
  }));

  Following other;
  CHECK(other.follow_until([&] { return other.up() == true; }));
  other.step();
  CHECK(other.asked("/services") == 0);
}

TEST_CASE("what did not arrive is sent again") {
  Following f;
  f.docker.put('a', "a");
  f.step();
  f.out.records.clear();
  f.step(true);
  const Instance a = f.out.instance("/docker/" + FakeDocker::id('a'));
  CHECK(f.out.value(ContainerState::is_running, kHost, a) == 1);
  CHECK(f.engine_value(EngineField::running) == 1);
  CHECK(f.engine_value(RuntimeClient::requests) == 5);
}
