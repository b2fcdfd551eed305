#include "app/channel.hpp"

#include <doctest/doctest.h>

#include <thread>

#include "base/clock.hpp"

using namespace hostmeter;
using app::Channel;
using app::Doorbell;
using app::RingOutput;

namespace {
constexpr std::uint64_t kWait = 5'000'000;
const base::SystemClock kClock;

std::vector<Record> drain(Channel& channel) {
  std::vector<Record> records;
  channel.records.drain_until(channel.records.tail(),
                              [&](const Record& record) { records.push_back(record); });
  return records;
}
bool is_abandoned(const Record& mark) {
  return mark.value[std::size_t(TickField::abandoned)] == 1;
}
}  // namespace

TEST_CASE("a bell rung before the waiting is not lost") {
  const Doorbell bell;
  CHECK_FALSE(bell.wait(1));
  bell.ring();
  bell.ring();
  CHECK(bell.wait(0));
  CHECK_FALSE(bell.wait(0));
}

TEST_CASE("a tick that fits is whole, its mark comes last") {
  Channel channel("sampler", 8, 8);
  const Doorbell bell;
  RingOutput out(channel, bell, kClock, kWait);
  for (int i = 0; i < 7; ++i) out.send(Record{.group = Group::loadavg});
  CHECK(out.end_tick({}));
  const auto records = drain(channel);
  REQUIRE(records.size() == 8);
  CHECK(records.back().group == Group::tick);
  CHECK_FALSE(is_abandoned(records.back()));
}

TEST_CASE(
    "a tick that a full ring cuts short is abandoned, counted, and marked so; the next is whole") {
  Channel channel("sampler", 8, 8);
  const Doorbell bell;
  RingOutput out(channel, bell, kClock, kWait);
  for (int i = 0; i < 20; ++i) out.send(Record{.group = Group::loadavg});
  CHECK_FALSE(out.end_tick({}));
  CHECK(channel.dropped == 13);  // of 20, seven found room
  const auto records = drain(channel);
  REQUIRE(records.size() == 8);
  CHECK(records.back().group == Group::tick);
  CHECK(is_abandoned(records.back()));

  out.send(Record{.group = Group::loadavg});
  CHECK(out.end_tick({}));
}

TEST_CASE(
    "when not even the mark finds a place, nothing is overwritten and the tick counts as lost") {
  Channel channel("sampler", 2, 8);
  const Doorbell bell;
  RingOutput out(channel, bell, kClock, kWait);
  out.send(Record{});
  CHECK(out.end_tick({}));
  CHECK_FALSE(out.end_tick({}));
  CHECK(drain(channel).size() == 2);
}

TEST_CASE("a pump that is only slow costs nothing: the producer waits for it") {
  Channel channel("sampler", 4, 4);
  const Doorbell bell;
  RingOutput out(channel, bell, kClock, 5'000'000'000);
  std::size_t received = 0;
  std::thread pump([&] {
    while (received < 101) {
      bell.wait(1'000'000'000);
      received += drain(channel).size();
    }
  });
  for (int i = 0; i < 100; ++i) out.send(Record{.group = Group::loadavg});
  CHECK(out.end_tick({}));
  pump.join();
  CHECK(channel.dropped == 0);
}

TEST_CASE("a Record never overtakes the News it speaks of, though a tick was abandoned between") {
  Channel channel("sampler", 64, 2);
  const Doorbell bell;
  RingOutput out(channel, bell, kClock, 1);
  for (Instance i = 1; i <= 5; ++i) out.send(NewsItem(NamedInstance{kHost, i, {}}));
  CHECK_FALSE(out.end_tick({}));
  (void)drain(channel);
  out.send(Record{.group = Group::loadavg, .instance = 5});
  CHECK_FALSE(out.end_tick({}));
  const auto records = drain(channel);
  REQUIRE(records.size() == 1);
  CHECK(is_abandoned(records.front()));
}

TEST_CASE("the last figures of who is gone are sent again until a tick is whole") {
  Channel channel("sampler", 16, 64);
  const Doorbell bell;
  RingOutput out(channel, bell, kClock, 1);
  const Subject gone{4, 2}, there{5, 1};
  const auto fill = [&] {
    for (int i = 0; i < 20; ++i) out.send(Record{.subject = there, .group = Group::cgroup_cpu});
  };
  const auto of_gone = [&] {
    std::size_t count = 0;
    for (const Record& record : drain(channel)) {
      CHECK(record.group != Group::cgroup_cpu);
      count += record.subject == gone;
    }
    return count;
  };
  const auto abandon = [&] {
    CHECK_FALSE(out.end_tick({}));
    (void)drain(channel);
  };
  out.send(Record{.subject = gone, .group = Group::cgroup_pids, .present = 1});  // there still
  out.send(NewsItem(Gone{gone}));
  fill();
  out.send(Record{.subject = gone, .group = Group::cgroup_blkio, .present = 1});
  out.send(Record{.subject = gone, .group = Group::cgroup_memory, .present = kFinalFigures | 1});
  abandon();
  fill();
  abandon();
  out.send(Record{.group = Group::loadavg});
  CHECK(out.end_tick({}));
  CHECK(of_gone() == 2);
  out.send(Record{.group = Group::loadavg});
  CHECK(out.end_tick({}));
  CHECK(of_gone() == 0);
}

TEST_CASE("what is kept to be sent again is bounded") {
  Channel channel("sampler", 16, 8);
  const Doorbell bell;
  RingOutput out(channel, bell, kClock, 1);
  for (unsigned i = 0; i < 100; ++i)
    out.send(Record{.subject = {i, 1}, .group = Group::cgroup_cpu, .present = kFinalFigures | 1});
  CHECK_FALSE(out.end_tick({}));
  (void)drain(channel);
  out.send(Record{.group = Group::loadavg});
  CHECK(out.end_tick({}));
  CHECK(drain(channel).size() == 8 + 2);
}

TEST_CASE("what there is no room to keep is lost only with the tick") {
  Channel channel("sampler", 16, 8);
  const Doorbell bell;
  RingOutput out(channel, bell, kClock, 1);
  const auto send = [&](unsigned count) {
    for (unsigned i = 0; i < count; ++i)
      out.send(Record{.subject = {i, 1}, .group = Group::cgroup_cpu, .present = kFinalFigures | 1});
  };
  send(10);
  CHECK(out.end_tick({}));
  CHECK(drain(channel).size() == 10 + 1);
  CHECK(channel.dropped == 0);
  send(15);
  out.send(Record{.group = Group::loadavg});  // no room: the tick is given up
  CHECK_FALSE(out.end_tick({}));
  CHECK(channel.dropped == (15 - 8) + 1);
}

TEST_CASE("news is never lost: it waits for the ring and keeps its order") {
  Channel channel("sampler", 64, 2);
  const Doorbell bell;
  RingOutput out(channel, bell, kClock, 1);
  for (Instance i = 1; i <= 5; ++i) out.send(NewsItem(NamedInstance{kHost, i, {}}));
  CHECK_FALSE(out.end_tick({}));  // without its news a tick may not be shown
  std::vector<Instance> seen;
  for (int i = 0; i < 3; ++i) {
    channel.news.drain_until(channel.news.tail(), [&](const News& news) {
      seen.push_back(std::get<NamedInstance>(*news).instance);
    });
    out.end_tick({});
  }
  CHECK(seen == std::vector<Instance>{1, 2, 3, 4, 5});
  CHECK(out.end_tick({}));
}
