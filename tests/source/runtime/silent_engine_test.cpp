// What becomes of figures while an engine is stopped, lost or hangs.
#include <doctest/doctest.h>
#include <unistd.h>

#include "support/followed_engine.hpp"

using namespace hostmeter;
using namespace hostmeter::source::runtime;
using test::FakeDocker;

namespace {

constexpr std::uint64_t kMs = 1'000'000, kSecond = 1'000 * kMs;

EngineOptions asking_often() {
  EngineOptions options;
  options.info_interval_ns = options.disk.interval_ns = options.swarm_interval_ns = 20 * kMs;
  return options;
}

struct Silenced : test::FollowedEngine {
  explicit Silenced(EngineOptions options = asking_often()) : FollowedEngine(options) {}

  void be_stopped(bool is_stopped) const {
    tree.write(std::to_string(::getpid()) + "/stat",
               is_stopped ? "1 (dockerd) T 1\n" : "1 (dockerd) S 1\n");
  }
};

}  // namespace

TEST_CASE("an engine that a signal stopped is not looked at again and again for what is due") {
  Silenced f;
  f.docker.put('a', "a");
  CHECK(f.follow_until([&] { return f.asked("/info") >= 2; }));
  f.be_stopped(true);
  CHECK(f.follow_until([&] { return f.up() == false; }));
  f.clock.ahead_ns += 10 * kSecond;  // by now all of it is
  const std::uint64_t from = f.clock.monotonic_ns();
  const std::size_t questions = f.engine.targets().size();
  for (int i = 0; i < 3; ++i) f.step();
  CHECK(f.clock.monotonic_ns() - from >= 2 * kSecond);
  CHECK(f.engine.targets().size() == questions);
  f.be_stopped(false);
  CHECK(f.follow_until([&] { return f.engine.targets().size() > questions; }));
  CHECK(f.up() == true);
}

TEST_CASE("an engine that leaves any question unanswered is asked what it has: it may hang") {
  for (const char* question : {"/info", "/system/df", "/services"}) {
    CAPTURE(question);
    EngineOptions options = asking_often();
    options.timeout_ns = 500 * kMs;
    Silenced f(options);
    f.docker.put('a', "a");
    CHECK(f.follow_until([&] { return f.up() == true; }));
    f.docker.hang_at(question);
    const auto again = [&, before = f.asked(question)] { return f.asked(question) > before; };
    CHECK(f.follow_until(again));
    f.step();
    f.clock.ahead_ns += 301 * kSecond;
    CHECK(f.follow_until([&] { return f.asked("/containers/json") == 2; }));
    CHECK(f.up() == true);  // it answers that
    f.docker.hang_at("/");
    f.step();
    f.step();
    f.clock.ahead_ns += 301 * kSecond;
    CHECK(f.follow_until([&] { return f.up() == false; }));
    f.docker.recover();
    CHECK(f.follow_until([&] { return f.up() == true; }));
  }
}
