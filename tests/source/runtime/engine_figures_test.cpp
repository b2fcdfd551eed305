#include "source/runtime/engine_figures.hpp"

#include <doctest/doctest.h>

#include <cerrno>
#include <chrono>
#include <thread>

#include "base/clock.hpp"
#include "support/fake_clock.hpp"
#include "support/fake_docker.hpp"

using namespace hostmeter;
using namespace hostmeter::source::runtime;
using test::FakeDocker, test::FakeEngine;

namespace {

const base::SystemClock kClock;
constexpr std::uint64_t kSecond = 1'000'000'000;

struct Asking {
  explicit Asking(std::uint64_t interval_ns = 60 * kSecond, std::uint64_t timeout_ns = 10 * kSecond)
      : engine(docker.serve()),
        client(Runtime::docker,
               HttpClient(engine.root(), FakeEngine::kSocket, kClock, interrupt, timeout_ns)),
        figures(interval_ns) {
    REQUIRE(client.version());
    clock.monotonic = 0;
  }
  std::optional<Error> begin() { return figures.begin(client, clock); }
  Result<bool> answer(std::uint64_t at_ns) {
    for (int i = 0; i < 2'000; ++i) {
      auto followed = figures.follow(client, at_ns);
      if (!followed || *followed) return followed;
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return false;
  }
  std::size_t asked() const { return FakeDocker::count(engine, "/info"); }

  FakeDocker docker;
  FakeEngine engine;
  source::Interrupt interrupt;
  EngineClient client;
  test::FakeClock clock;
  EngineFigures figures;
};

}  // namespace

TEST_CASE("what an engine says of itself, again after an interval") {
  Asking asking;
  asking.clock.monotonic = kSecond;
  REQUIRE_FALSE(asking.begin());
  CHECK(asking.figures.info().images == 3);
  CHECK(asking.figures.info().goroutines == 63);
  CHECK(*asking.figures.follow(asking.client, 60 * kSecond) == false);
  CHECK(asking.asked() == 1);
  CHECK(*asking.answer(61 * kSecond));
  CHECK(asking.asked() == 2);
}

TEST_CASE("an answer that does not come costs what the engine does, and only once it is stale") {
  Asking asking;
  REQUIRE_FALSE(asking.begin());
  asking.docker.hang_at("/info");
  CHECK(*asking.figures.follow(asking.client, 60 * kSecond) == false);
  CHECK(*asking.figures.follow(asking.client, 119 * kSecond) == false);
  CHECK(asking.figures.info().open_files == 59);
  const auto given_up = asking.figures.follow(asking.client, 120 * kSecond);
  REQUIRE_FALSE(given_up);
  CHECK(given_up.error().code == ETIMEDOUT);
  CHECK_FALSE(asking.figures.info().open_files);
  CHECK_FALSE(asking.figures.info().event_listeners);
  CHECK(asking.figures.info().images == 3);  // it would have told of a change
  CHECK(asking.figures.info().cpus == 2);
  asking.docker.recover();
  CHECK(*asking.figures.follow(asking.client, 149 * kSecond) == false);
  CHECK(*asking.answer(150 * kSecond));
  CHECK(asking.figures.info().open_files == 59);
}

TEST_CASE(
    "without an interval it is asked when images change; when that fails they are not known") {
  Asking asking(0);
  REQUIRE_FALSE(asking.begin());
  CHECK(*asking.figures.follow(asking.client, 3'600 * kSecond) == false);
  CHECK(asking.asked() == 1);
  asking.figures.images_change(3'601 * kSecond);
  CHECK(*asking.answer(3'601 * kSecond));
  CHECK(asking.asked() == 2);
  asking.docker.hang_at("/info");
  asking.figures.images_change(3'602 * kSecond);
  CHECK(*asking.figures.follow(asking.client, 3'602 * kSecond) == false);
  CHECK(asking.figures.info().images == 3);
  CHECK_FALSE(asking.figures.follow(asking.client, 3'662 * kSecond));
  CHECK_FALSE(asking.figures.info().images);
}

TEST_CASE("a first answer that does not come is asked for again; a lost engine does nothing") {
  Asking asking(60 * kSecond, kSecond / 10);
  asking.docker.hang_at("/info");
  const auto failure = asking.begin();
  REQUIRE(failure);
  CHECK(failure->code == ETIMEDOUT);
  asking.docker.recover();
  CHECK(*asking.answer(30 * kSecond));
  CHECK(asking.figures.info().images == 3);
  asking.figures.lose();
  CHECK_FALSE(asking.figures.info().goroutines);
  CHECK(asking.figures.info().images == 3);
}
