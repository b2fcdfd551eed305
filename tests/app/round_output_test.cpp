#include "app/round_output.hpp"

#include <doctest/doctest.h>

#include <thread>

#include "base/clock.hpp"

using namespace hostmeter;
using app::Channel, app::Doorbell, app::RoundOutput;

namespace {

const base::SystemClock kClock;
const NewsItem kUp = RuntimeUp{Runtime::docker, true};

struct Fixture {
  explicit Fixture(std::size_t records = 4, std::size_t news = 2, std::uint64_t wait_ns = 1)
      : channel("docker", records, news), out(channel, bell, kClock, wait_ns) {}

  std::size_t drain() {
    std::size_t count = 0;
    const std::size_t end = channel.records.tail();
    channel.news.drain_until(channel.news.tail(), [&](const News&) { ++count; });
    channel.records.drain_until(end, [&](const Record&) { ++count; });
    return count;
  }

  Channel channel;
  const Doorbell bell;
  RoundOutput out;
};

}  // namespace

TEST_CASE("a round does not wake the pump before there is much for it") {
  Fixture f;
  f.out.send(Record{});
  f.out.send(Record{});
  f.out.send(NewsItem(kUp));
  CHECK(f.out.end_round());
  CHECK_FALSE(f.bell.wait(0));
  f.out.send(Record{});
  CHECK(f.out.end_round());
  CHECK(f.bell.wait(0));
  CHECK(f.drain() == 4);
  f.out.send(NewsItem(kUp));
  f.out.send(NewsItem(kUp));
  CHECK(f.out.end_round());
  CHECK(f.bell.wait(0));
  CHECK(f.drain() == 2);
}

TEST_CASE("what a full ring did not take is counted and the round is not whole; the next may be") {
  Fixture f;
  for (int i = 0; i < 10; ++i) f.out.send(Record{});
  CHECK_FALSE(f.out.end_round());
  CHECK(f.channel.dropped == 6);
  CHECK(f.drain() == 4);
  f.out.send(Record{});
  CHECK(f.out.end_round());
  CHECK(f.channel.dropped == 6);
}

TEST_CASE("a round cut short stays so though room is found on its way") {
  Fixture f;
  for (int i = 0; i < 5; ++i) f.out.send(Record{});
  f.drain();
  f.out.send(Record{});  // of a whole that has lost a part
  CHECK(f.drain() == 0);
  CHECK_FALSE(f.out.end_round());
}

TEST_CASE("News is never lost: it waits, and a Record does not overtake it") {
  Fixture f;
  for (int i = 0; i < 5; ++i) f.out.send(NewsItem(kUp));
  f.out.send(Record{});
  CHECK_FALSE(f.out.end_round());
  CHECK(f.out.has_pending());
  CHECK(f.channel.news_delayed == 1);
  CHECK(f.channel.dropped == 1);
  CHECK(f.drain() == 2);
  CHECK_FALSE(f.out.end_round());
  CHECK(f.drain() == 2);
  CHECK(f.out.end_round());
  CHECK_FALSE(f.out.has_pending());
  CHECK(f.drain() == 1);
}

TEST_CASE("a pump that is only slow costs nothing") {
  Fixture f(4, 2, 5'000'000'000);
  std::size_t received = 0;
  std::thread pump([&] {
    while (received < 200) {
      f.bell.wait(1'000'000'000);
      received += f.drain();
    }
  });
  for (int i = 0; i < 100; ++i) {
    f.out.send(NewsItem(kUp));
    f.out.send(Record{});
  }
  CHECK(f.out.end_round());
  pump.join();
  CHECK(f.channel.dropped == 0);
}
