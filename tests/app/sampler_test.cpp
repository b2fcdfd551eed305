#include "app/sampler.hpp"

#include <doctest/doctest.h>

#include <map>
#include <optional>
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

namespace {

struct Losing final : source::Reader {
  explicit Losing(test::FakeClock& its_clock) : clock(its_clock) {}
  void read(const source::Tick&, Output&) override { clock.cpu += 7; }
  std::uint64_t parse_errors() const override { return errors; }
  std::uint64_t read_errors() const override { return 2 * errors; }
  source::Mode mode() const override { return its_mode; }
  test::FakeClock& clock;
  std::uint64_t errors = 0;
  source::Mode its_mode = source::Mode::file;
};

// A reader that is looked at, one that is off, and another.
struct Told : Fixture {
  explicit Told(std::uint64_t interval_ns = kSecond, unsigned turns = app::Sampler::kCostTurns) {
    std::vector<app::NamedReader> readers;
    readers.push_back({"losing", std::make_unique<Losing>(clock)});
    reader = static_cast<Losing*>(readers.front().reader.get());
    readers.push_back({"off", nullptr});
    readers.push_back({"other", std::make_unique<Losing>(clock)});
    sampler.emplace(
        std::move(readers), out, ids, clock, interval_ns, [] {}, turns);
  }
  // What a tick tells, by reader.
  std::map<Instance, Record> tick() {
    sampler->tick(kSecond);
    std::map<Instance, Record> told;
    channel.records.drain_until(channel.records.tail(), [&](const Record& record) {
      if (record.group == Group::reader && record.part == 0) told[record.instance] = record;
      if (record.group == group_of(Agent::resident_bytes) &&
          record.part == unsigned(Agent::resident_bytes) / kValuesPerRecord)
        resident = record.value[unsigned(Agent::resident_bytes) % kValuesPerRecord];
    });
    return told;
  }

  std::optional<app::Sampler> sampler;
  Losing* reader = nullptr;
  std::uint64_t resident = 0;
};

std::uint64_t get(const Record& record, ReaderField field) {
  return record.value[unsigned(field)];
}

}  // namespace

TEST_CASE_FIXTURE(Told, "each reader's CPU time is told every 5 ticks, each in its own") {
  const auto first = tick();
  REQUIRE(first.size() == 3);
  CHECK(get(first.begin()->second, ReaderField::busy_ns) == 7);
  std::map<Instance, std::vector<std::uint64_t>> busy;
  for (int i = 0; i < 20; ++i) {
    const auto told = tick();
    CHECK(told.size() <= 1);
    for (const auto& [instance, record] : told)
      busy[instance].push_back(get(record, ReaderField::busy_ns));
  }
  REQUIRE(busy.size() == 2);
  CHECK(busy.begin()->second == std::vector<std::uint64_t>{35, 70, 105, 140});
  CHECK(busy.rbegin()->second.size() == 4);
}

TEST_CASE_FIXTURE(Told,
                  "what a reader lost, and how it reads, is told in the tick in which it changes") {
  const Instance losing = tick().begin()->first;
  CHECK(tick().empty());
  reader->errors = 3;
  auto told = tick();
  REQUIRE(told.contains(losing));
  CHECK(get(told[losing], ReaderField::parse_errors) == 3);
  CHECK(get(told[losing], ReaderField::read_errors) == 6);
  tick(), tick();  // its turn
  CHECK(tick().empty());
  reader->its_mode = source::Mode::walk;
  told = tick();
  REQUIRE(told.contains(losing));
  CHECK(get(told[losing], ReaderField::mode_walk) == 1);
  CHECK(get(told[losing], ReaderField::mode_file) == 0);
  channel.wants_resend = true;
  tick();
  CHECK(tick().size() == 3);
}

TEST_CASE("what readers cost is of every tick where ticks are far apart, or somebody asks for it") {
  for (const bool far : {true, false}) {
    Told told(far ? 2 * kSecond : kSecond, far ? app::Sampler::kCostTurns : 1);
    told.tick();
    for (int i = 0; i < 6; ++i) CHECK(told.tick().size() == 2);
  }
}

TEST_CASE_FIXTURE(Told, "our resident memory is looked at again and again") {
  tick();
  const std::uint64_t at_first = resident;
  CHECK(at_first > 0);
  const std::vector<char> more(64U << 20, 'x');
  for (int i = 0; i < 5; ++i) tick();
  CHECK(resident >= at_first + (32U << 20));
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
