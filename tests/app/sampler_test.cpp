#include "app/sampler.hpp"

#include <doctest/doctest.h>

#include <thread>

#include "app/pump.hpp"
#include "base/clock.hpp"
#include "hostmeter/flow/facts/agent.hpp"
#include "hostmeter/flow/facts/loadavg.hpp"
#include "support/fake_clock.hpp"

using namespace hostmeter;

namespace {

constexpr std::uint64_t kSecond = 1'000'000'000;

// Takes a given time of a made-up clock.
struct SlowReader final : source::Reader {
  SlowReader(test::FakeClock& its_clock, std::uint64_t takes) : clock(its_clock), takes_ns(takes) {}
  void read(const source::Tick& tick, Output&) override {
    ticks.push_back(tick);
    clock.realtime += takes_ns;
    clock.cpu += 7;
    if (ticks.size() == 3) done->store(true);
  }
  test::FakeClock& clock;
  std::uint64_t takes_ns;
  std::vector<source::Tick> ticks;
  std::atomic<bool>* done = nullptr;
};

template <class Field>
std::uint64_t last_value(app::Channel& channel, Field field) {
  std::uint64_t value = ~std::uint64_t{0};
  channel.records.drain_until(channel.records.tail(), [&](const Record& record) {
    if (record.group == group_of(field) && record.part == unsigned(field) / kValuesPerRecord)
      value = record.value[unsigned(field) % kValuesPerRecord];
  });
  return value;
}

struct Fixture {
  test::FakeClock clock;
  app::Doorbell bell, pump;
  app::Channel channel{"sampler", 256, 256};
  app::RingOutput out{channel, pump, clock, 0};
  InstanceIds ids{0};
  std::atomic<bool> stop{false};
  int before = 0;

  std::vector<source::Tick> run(std::uint64_t takes_ns) {
    auto reader = std::make_unique<SlowReader>(clock, takes_ns);
    SlowReader& slow = *reader;
    slow.done = &stop;
    std::vector<app::NamedReader> readers;
    readers.push_back({"slow", std::move(reader)});
    readers.push_back({"off", nullptr});
    app::Sampler sampler(std::move(readers), out, ids, clock, kSecond, [this] { ++before; });
    bell.ring(), sampler.run(bell, stop);
    return slow.ticks;
  }
};

}  // namespace

TEST_CASE("ticks are for whole seconds of the wall clock; late ones are skipped and counted") {
  Fixture f;
  f.clock.realtime += 300'000'000;
  const auto ticks = f.run(2 * kSecond + kSecond / 2);
  REQUIRE(ticks.size() == 3);
  CHECK(f.before == 3);
  CHECK(ticks[0].realtime_ns == 1'700'000'000 * kSecond);
  CHECK(ticks[1].realtime_ns == 1'700'000'003 * kSecond);  // seconds 1 and 2 were over
  CHECK(ticks[2].number == 3);
  CHECK(last_value(f.channel, Agent::ticks_skipped) == 4);
}

TEST_CASE("each reader's CPU time is told every 5 ticks, what it lost in that very tick") {
  struct Losing final : source::Reader {
    explicit Losing(test::FakeClock& its_clock) : clock(its_clock) {}
    void read(const source::Tick&, Output&) override { clock.cpu += 7; }
    std::uint64_t parse_errors() const override { return errors; }
    source::Mode mode() const override { return its_mode; }
    test::FakeClock& clock;
    std::uint64_t errors = 0;
    source::Mode its_mode = source::Mode::file;
  };
  Fixture f;
  auto owned = std::make_unique<Losing>(f.clock);
  Losing& reader = *owned;
  std::vector<app::NamedReader> readers;
  readers.push_back({"losing", std::move(owned)});
  readers.push_back({"off", nullptr});
  app::Sampler sampler(std::move(readers), f.out, f.ids, f.clock, kSecond, [] {});
  // What a tick tells of the reader, and of how many.
  std::size_t told = 0;
  const auto tick = [&] {
    sampler.tick(kSecond);
    std::optional<Record> of_reader;
    told = 0;
    f.channel.records.drain_until(f.channel.records.tail(), [&](const Record& record) {
      if (record.group != Group::reader || record.part != 0) return;
      ++told;
      if (record.present & 1U << unsigned(ReaderField::busy_ns)) of_reader = record;
    });
    return of_reader;
  };
  const auto busy_ns = [&](const Record& record) {
    return record.value[unsigned(ReaderField::busy_ns)];
  };
  CHECK(busy_ns(*tick()) == 7);
  CHECK(told == 2);
  std::size_t times = 0;
  for (std::uint64_t number = 2; number <= 21; ++number)
    if (const auto record = tick()) {
      CHECK(told == 1);
      CHECK(busy_ns(*record) == 7 * number);
      ++times;
    }
  CHECK(times == 4);
  CHECK_FALSE(tick());
  reader.errors = 3;
  const auto lost = tick();
  REQUIRE(lost);
  CHECK(lost->value[unsigned(ReaderField::parse_errors)] == 3);
  CHECK_FALSE(tick());
  CHECK(tick());  // its turn
  reader.its_mode = source::Mode::walk;
  CHECK(tick());
  CHECK_FALSE(tick());
  f.channel.wants_resend = true;
  tick();
  tick();
  CHECK(told == 2);
}

TEST_CASE("what a reader gave back is used again after a whole tick, not after an abandoned one") {
  struct GivingBack final : source::Reader {
    explicit GivingBack(InstanceIds& all) : ids(all) {}
    void read(const source::Tick&, Output& out) override {
      for (; records > 0; --records) out.send(Record{.group = Group::loadavg});
      taken = ids.take() & ((1U << InstanceIds::kIndexBits) - 1);
      ids.give_back(taken);
    }
    InstanceIds& ids;
    unsigned records = 1000;  // more than the ring takes, once
    Instance taken = 0;
  };
  Fixture f;
  auto owned = std::make_unique<GivingBack>(f.ids);
  const GivingBack& reader = *owned;
  std::vector<app::NamedReader> readers;
  readers.push_back({"reader", std::move(owned)});
  app::Sampler sampler(std::move(readers), f.out, f.ids, f.clock, kSecond, [] {});
  const auto tick = [&] {
    const bool whole = sampler.tick(kSecond);
    f.channel.records.drain_until(f.channel.records.tail(), [](const Record&) {});
    return whole;
  };
  CHECK_FALSE(tick());
  const Instance first = reader.taken;
  CHECK(tick());
  const Instance second = reader.taken;
  CHECK(second != first);
  CHECK(tick());
  CHECK((reader.taken == first || reader.taken == second));
}

TEST_CASE("all is read once more when the pump asks for it") {
  Fixture f;
  auto owned = std::make_unique<SlowReader>(f.clock, 0);
  std::atomic<bool> done{false};
  owned->done = &done;
  const SlowReader& reader = *owned;
  std::vector<app::NamedReader> readers;
  readers.push_back({"reader", std::move(owned)});
  app::Sampler sampler(std::move(readers), f.out, f.ids, f.clock, kSecond, [] {});
  for (int i = 0; i < 4; ++i) {
    sampler.tick(kSecond);
    f.channel.records.drain_until(f.channel.records.tail(), [](const Record&) {});
    f.channel.wants_resend = i == 1;  // as it reads that tick's mark, the next may be under way
  }
  std::vector<bool> resends;
  for (const source::Tick& tick : reader.ticks) resends.push_back(tick.resend);
  CHECK(resends == std::vector<bool>{false, false, false, true});
}
