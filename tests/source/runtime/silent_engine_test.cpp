// What becomes of figures while an engine is stopped, lost or hangs.
#include <doctest/doctest.h>
#include <unistd.h>

#include "hostmeter/flow/facts/container.hpp"
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
  bool has(EngineField field) const { return engine_value(field) != ~0U; }
  bool has_service() const {
    Instance service = 0;
    for (const NewsItem& item : out.news) {
      const auto* named = std::get_if<NamedInstance>(&item);
      if (named && named->values.size() > 1 && named->values[1] == "s1") service = named->instance;
      const auto* gone = std::get_if<GoneInstance>(&item);
      if (gone && gone->instance == service) service = 0;
    }
    return service != 0;
  }
  bool has_written() const {
    const Instance a = out.instance("/docker/" + FakeDocker::id('a'));
    return out.value(ContainerDisk::written_bytes, kHost, a).has_value();
  }
  bool has_all() const {
    return has(EngineField::goroutines) && has(EngineField::images) && has_service() &&
           has(EngineField::disk_images) && has_written();
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
    f.clock.ahead_ns += 60 * kSecond;
    CHECK(f.follow_until([&] { return f.up() == true; }));
  }
}

TEST_CASE("what a silent engine says nothing new of goes in time, and is back when it speaks") {
  using Does = void (*)(Silenced&);
  struct Way {
    const char* name;
    Does be_silent, speak;
    bool is_lost;
  };
  const Way ways[] = {
      {"stopped", [](Silenced& f) { f.be_stopped(true); }, [](Silenced& f) { f.be_stopped(false); },
       false},
      {"lost", [](Silenced& f) { f.engine.stop(); }, [](Silenced& f) { f.engine.start(); }, true},
      {"hanging", [](Silenced& f) { f.docker.hang_at("/"); },
       [](Silenced& f) { f.docker.recover(); }, true},
  };
  for (const Way& way : ways) {
    CAPTURE(std::string(way.name));
    EngineOptions options = asking_often();
    options.timeout_ns = 500 * kMs;
    Silenced f(options);
    f.docker.put('a', "a");
    f.docker.set_services(
        R"([{"ID":"s1","Spec":{"Name":"web","Mode":{"Replicated":{"Replicas":3}}}}])", "[]");
    CHECK(f.follow_until([&] { return f.has_all(); }));
    way.be_silent(f);
    for (int i = 0; i < 3; ++i) f.step();
    f.clock.ahead_ns += 61 * kSecond;
    CHECK(f.follow_until([&] { return f.up() == false; }));
    CHECK(f.follow_until([&] { return !f.has(EngineField::goroutines) && !f.has_service(); }));
    CHECK(f.has(EngineField::disk_images));  // may take five minutes
    f.clock.ahead_ns += 301 * kSecond;
    CHECK(f.follow_until([&] { return !f.has(EngineField::disk_images); }));
    CHECK_FALSE(f.has_written());
    CHECK(f.has(EngineField::images) != way.is_lost);  // one that is stopped changes none
    CHECK(f.has(EngineField::cpus));
    const std::uint64_t from = f.clock.monotonic_ns();
    for (int i = 0; i < 20 && f.clock.monotonic_ns() - from < kSecond; ++i) f.step();
    CHECK(f.clock.monotonic_ns() - from >= kSecond);  // it waits, whatever is due
    way.speak(f);
    f.clock.ahead_ns += 60 * kSecond;  // not to wait for the next try
    CHECK(f.follow_until([&] { return f.up() == true && f.has_all(); }));
  }
}
