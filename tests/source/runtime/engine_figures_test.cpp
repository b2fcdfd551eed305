#include "source/runtime/engine_figures.hpp"

#include <doctest/doctest.h>

#include <cerrno>

#include "support/asked_engine.hpp"
#include "support/fake_clock.hpp"

using namespace hostmeter;
using namespace hostmeter::source::runtime;

namespace {

constexpr std::uint64_t kSecond = test::AskedEngine::kSecond;

struct Asking : test::AskedEngine {
  explicit Asking(std::uint64_t interval_ns = 60 * kSecond) : figures(interval_ns) {}
  void begin(std::uint64_t at_ns = 0) {
    clock.monotonic = at_ns;
    REQUIRE_FALSE(figures.begin(client, clock));
    if (!figures.info().cpus) REQUIRE(*answer(at_ns));
  }
  Result<bool> answer(std::uint64_t at_ns) {
    return AskedEngine::answer([&] { return figures.follow(client, at_ns); });
  }

  test::FakeClock clock;
  EngineFigures figures;
};

}  // namespace

TEST_CASE("what an engine says of itself, again after an interval") {
  Asking asking;
  asking.begin(kSecond);
  CHECK(asking.figures.info().images == 3);
  CHECK(asking.figures.info().goroutines == 63);
  CHECK(*asking.figures.follow(asking.client, 60 * kSecond) == false);
  CHECK(asking.asked("/info") == 1);
  CHECK(*asking.answer(61 * kSecond));
  CHECK(asking.asked("/info") == 2);
}

TEST_CASE("an answer that does not come costs what the engine does, and only once it is stale") {
  Asking asking;
  asking.begin();
  asking.docker.hang_at("/info");
  CHECK(*asking.figures.follow(asking.client, 60 * kSecond) == false);
  CHECK(*asking.figures.follow(asking.client, 119 * kSecond) == false);
  CHECK_FALSE(asking.figures.pass_time(119 * kSecond));
  CHECK(asking.figures.info().open_files == 59);
  const auto given_up = asking.figures.follow(asking.client, 120 * kSecond);
  REQUIRE_FALSE(given_up);
  CHECK(given_up.error().code == ETIMEDOUT);
  CHECK(asking.figures.pass_time(120 * kSecond));
  CHECK_FALSE(asking.figures.pass_time(121 * kSecond));
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
  asking.begin();
  CHECK(*asking.figures.follow(asking.client, 3'600 * kSecond) == false);
  CHECK(asking.asked("/info") == 1);
  asking.figures.images_change(3'601 * kSecond);
  CHECK(*asking.answer(3'601 * kSecond));
  CHECK(asking.asked("/info") == 2);
  asking.docker.hang_at("/info");
  asking.figures.images_change(3'602 * kSecond);
  CHECK(*asking.figures.follow(asking.client, 3'602 * kSecond) == false);
  CHECK(asking.figures.info().images == 3);
  CHECK_FALSE(asking.figures.follow(asking.client, 3'662 * kSecond));
  CHECK(asking.figures.pass_time(3'662 * kSecond));
  CHECK_FALSE(asking.figures.info().images);
}

TEST_CASE("a first answer that does not come is not waited for, and asked for again") {
  Asking asking;
  asking.docker.hang_at("/info");
  asking.clock.monotonic = asking.real_clock.monotonic_ns();
  REQUIRE_FALSE(asking.figures.begin(asking.client, asking.clock));
  CHECK(asking.real_clock.monotonic_ns() - asking.clock.monotonic < 5 * kSecond);
  CHECK_FALSE(asking.figures.info().images);
  // The same at a clock that the engine's connection takes for long past.
  Asking other;
  other.docker.hang_at("/info");
  other.clock.monotonic = 0;
  REQUIRE_FALSE(other.figures.begin(other.client, other.clock));
  CHECK_FALSE(other.figures.follow(other.client, 60 * kSecond));
  other.docker.recover();
  CHECK(*other.answer(90 * kSecond));
  CHECK(other.figures.info().images == 3);
}

TEST_CASE("an answer that comes soon is there as the connection begins") {
  Asking asking;
  CHECK_FALSE(asking.figures.begin(asking.client, asking.real_clock));
  for (int i = 0; i < 20 && !asking.figures.info().cpus; ++i)
    CHECK_FALSE(asking.figures.begin(asking.client, asking.real_clock));
  CHECK(asking.figures.info().cpus == 2);
}

TEST_CASE("a lost engine does nothing, and has images for as long as nothing else may be true") {
  Asking asking(0);
  asking.begin();
  asking.figures.lose(100 * kSecond);
  CHECK_FALSE(asking.figures.info().goroutines);
  CHECK_FALSE(asking.figures.pass_time(159 * kSecond));
  CHECK(asking.figures.info().images == 3);
  CHECK(asking.figures.pass_time(160 * kSecond));
  CHECK_FALSE(asking.figures.info().images);
  CHECK(asking.figures.info().cpus == 2);
  asking.begin(200 * kSecond);
  if (!asking.figures.info().images) REQUIRE(*asking.answer(200 * kSecond));
  CHECK(asking.figures.info().images == 3);
  CHECK_FALSE(asking.figures.pass_time(3'600 * kSecond));
}
