#include "collect/bindings.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <string>

#include "hostmeter/flow/facts/cgroup_blkio.hpp"
#include "hostmeter/flow/facts/cgroup_info.hpp"
#include "hostmeter/flow/facts/cgroup_memory.hpp"
#include "hostmeter/flow/facts/loadavg.hpp"
#include "hostmeter/flow/instances.hpp"

using namespace hostmeter;

namespace {

constexpr MetricDesc kBytes{Kind::counter, Unit::bytes, "t_bytes_total", "Test.",
                            "operation,device"};
constexpr MetricDesc kReads{Kind::counter, Unit::none, "t_reads_total", "Test.", "device"};
constexpr MetricDesc kLoad{Kind::gauge, Unit::none, Encoding::real, "t_load", "Test."};
constexpr FieldSeries kBlkioRows[] = {
    series(CgroupBlkio::read_bytes, kBytes, "Read"),
    series(CgroupBlkio::write_bytes, kBytes, "Write"), series(CgroupBlkio::read_ops, kReads),
    series(CgroupBlkio::async_bytes, kReads),  // of the second part
};
constexpr MetricDesc kUsage{Kind::gauge, Unit::bytes, "t_usage_bytes", "Test."};
constexpr MetricDesc kPeak{Kind::gauge, Unit::bytes, "t_peak_bytes", "Test."};
constexpr MetricDesc kKills{Kind::counter, Unit::none, "t_kills_total", "Test."};
constexpr FieldSeries kMemoryRows[] = {series(CgroupMemory::usage, kUsage),
                                       series(CgroupMemory::peak, kPeak),
                                       series(CgroupMemory::oom_kills, kKills)};
constexpr GroupSeries kMemoryGroups[] = {group_series<CgroupMemory>(kMemoryRows)};
constexpr CollectorSpec kMemory{"memory", Scope::container, {}, kMemoryGroups};
constexpr MetricDesc kSeen{Origin::cadvisor,      Kind::gauge,           Unit::seconds,
                           Encoding::nanoseconds, "container_last_seen", "Test."};
constexpr FieldSeries kInfoRows[] = {series_of_now(CgroupInfo::last_seen_ns, kSeen)};
constexpr GroupSeries kInfoGroups[] = {group_series<CgroupInfo>(kInfoRows)};
constexpr CollectorSpec kInfo{"info", Scope::container, {}, kInfoGroups};
constexpr FieldSeries kLoadRows[] = {series(Loadavg::one_minute, kLoad)};
constexpr std::uint64_t kBounds[] = {1, 2, 4};
constexpr MetricDesc kWait{Unit::seconds, kBounds, "t_wait_seconds", "Test.", "device"};
// A group of two parts: the histogram begins in the one and ends in the other.
constexpr auto kWaitRows = histogram_series<5>(CgroupBlkio::write_bytes, kWait);
constexpr GroupSeries kWaitGroups[] = {group_series<CgroupBlkio>(kWaitRows, "device,major,minor")};
constexpr CollectorSpec kWaits{"waits", Scope::container, {}, kWaitGroups};
constexpr const CollectorSpec* kOnlyWaits[] = {&kWaits};

constexpr GroupSeries kBlkioGroups[] = {
    group_series<CgroupBlkio>(kBlkioRows, "device,major,minor")};
constexpr GroupSeries kLoadGroups[] = {group_series<Loadavg>(kLoadRows)};
constexpr CollectorSpec kBlkio{"blkio", Scope::container, {}, kBlkioGroups};
constexpr CollectorSpec kLoadavg{"loadavg", Scope::host, {}, kLoadGroups};
constexpr const CollectorSpec* kCollectors[] = {&kBlkio, &kMemory, &kLoadavg, &kInfo};

struct Sink final : SeriesSink {
  std::map<std::string, SeriesId> live;
  int binds = 0;

  SeriesId bind(const MetricDesc& metric, std::uint32_t owner,
                std::span<const std::string_view> values) override {
    std::string name(metric.name);
    if (owner != kNoOwner) name += "@" + std::to_string(owner);
    for (const auto value : values) name += " " + std::string(value);
    ++binds;
    live[name] = SeriesId(values_.size());
    grow(values_.size() + metric.cells());
    return live[name];
  }
  void unbind(SeriesId id) override {
    clear(id);
    std::erase_if(live, [&](const auto& entry) { return entry.second == id; });
  }
  std::string value(const std::string& name) const {
    const auto at = live.find(name);
    if (at == live.end()) return "unbound";
    return present_[at->second] ? std::to_string(values_[at->second]) : "absent";
  }
};

struct Fixture {
  Sink sink;
  collect::Bindings bindings{kCollectors, sink};
  InstanceIds ids{3};

  Facts<CgroupBlkio> facts(std::uint64_t read, std::uint64_t write) {
    Facts<CgroupBlkio> facts;
    facts.set(CgroupBlkio::read_bytes, read);
    facts.set(CgroupBlkio::write_bytes, write);
    return facts;
  }
  void memory(Subject subject, std::uint64_t usage, std::uint64_t kills) {
    Facts<CgroupMemory> facts;
    facts.set(CgroupMemory::usage, usage);
    facts.set(CgroupMemory::peak, usage);
    facts.set(CgroupMemory::oom_kills, kills);
    for (std::size_t part = 0; part < facts.kParts; ++part)
      bindings.apply(facts.part(part, subject, 0));
  }
  void end(Subject subject, std::uint64_t peak, std::uint64_t kills) {
    Facts<CgroupMemory> facts;
    facts.set(CgroupMemory::peak, peak);
    facts.set(CgroupMemory::oom_kills, kills);
    for (std::size_t part = 0; part < facts.kParts; ++part) {
      Record record = facts.part(part, subject, 0);
      record.present |= kFinalFigures;
      bindings.apply(record);
    }
  }
  void apply(Subject subject, Instance instance, const Facts<CgroupBlkio>& facts) {
    for (std::size_t part = 0; part < facts.kParts; ++part)
      bindings.apply(facts.part(part, subject, instance));
  }
};

}  // namespace

TEST_CASE(
    "a field becomes a series with the container as owner and its labels in the metric's order") {
  Fixture f;
  const Subject web{4, 1};
  const Instance sda = f.ids.take();
  f.bindings.born(web);
  f.bindings.named({web, sda, {"/dev/sda", "8", "0"}});
  f.apply(web, sda, f.facts(10, 20));
  CHECK(f.sink.value("t_bytes_total@4 Read /dev/sda") == "10");
  CHECK(f.sink.value("t_bytes_total@4 Write /dev/sda") == "20");
  CHECK(f.sink.value("t_reads_total@4 /dev/sda") == "unbound");  // the kernel never had it
}

TEST_CASE("a value that vanishes is absent, and comes back under the same series") {
  Fixture f;
  Facts<Loadavg> facts;
  facts.set_real(Loadavg::one_minute, 1.5);
  f.bindings.apply(facts.part(0, kHost, 0));
  f.bindings.apply(Facts<Loadavg>{}.part(0, kHost, 0));
  CHECK(f.sink.value("t_load") == "absent");
  f.bindings.apply(facts.part(0, kHost, 0));
  CHECK(f.sink.value("t_load") == std::to_string(std::bit_cast<std::uint64_t>(1.5)));
  CHECK(f.sink.binds == 1);
}

TEST_CASE(
    "Records of a Subject that is forgotten, or not yet born, change nothing and are counted") {
  Fixture f;
  const Subject old{2, 1}, fresh{2, 2};
  const Instance device = f.ids.take();
  f.bindings.born(old);
  f.bindings.named({old, device, {"a", "", ""}});
  f.apply(old, device, f.facts(1, 1));
  f.bindings.gone(old);
  f.bindings.forget(old);
  CHECK(f.sink.live.empty());
  f.apply(old, device, f.facts(2, 2));
  f.apply(fresh, device, f.facts(3, 3));
  CHECK(f.sink.live.empty());
  CHECK(f.bindings.stale_records() == 4);
}

TEST_CASE("one incarnation's figures never show under the next one of the same slot") {
  Fixture f;
  const Subject old{2, 1}, fresh{2, 2};
  const Instance device = f.ids.take();
  f.bindings.born(old);
  f.bindings.named({old, device, {"sda", "", ""}});
  f.apply(old, device, f.facts(1, 1));
  f.bindings.gone(old);
  f.bindings.forget(old);
  f.bindings.born(fresh);
  f.apply(old, device, f.facts(99, 99));  // still under way when the slot was given anew
  const Instance again = f.ids.take();
  f.bindings.named({fresh, again, {"sda", "", ""}});
  f.apply(fresh, again, f.facts(5, 6));
  CHECK(f.sink.value("t_bytes_total@2 Read sda") == "5");
}

TEST_CASE("an instance that is gone takes only its own series along") {
  Fixture f;
  const Instance a = f.ids.take(), b = f.ids.take();
  f.bindings.named({kHost, a, {"sda", "8", "0"}});
  f.bindings.named({kHost, b, {"sdb", "8", "16"}});
  f.apply(kHost, a, f.facts(1, 2));
  f.apply(kHost, b, f.facts(3, 4));
  f.bindings.gone(GoneInstance{kHost, a});
  CHECK(f.sink.value("t_bytes_total@0 Read sda") == "unbound");
  f.apply(kHost, a, f.facts(7, 7));  // too late
  f.apply(kHost, b, f.facts(5, 6));
  CHECK(f.sink.value("t_bytes_total@0 Write sdb") == "6");
  CHECK(f.sink.live.size() == 2);
}

TEST_CASE("Records in another order than the last time find their own rows") {
  Fixture f;
  std::vector<Instance> devices;
  for (int i = 0; i < 20; ++i) {
    devices.push_back(f.ids.take());
    f.bindings.named({kHost, devices.back(), {"d" + std::to_string(i), "", ""}});
  }
  for (int i = 0; i < 20; ++i)
    f.apply(kHost, devices[std::size_t(i)], f.facts(std::uint64_t(i), 0));
  for (int i = 19; i >= 0; --i)
    f.apply(kHost, devices[std::size_t(i)], f.facts(std::uint64_t(100 + i), 0));
  CHECK(f.sink.value("t_bytes_total@0 Read d0") == "100");
  CHECK(f.sink.value("t_bytes_total@0 Read d19") == "119");
}

TEST_CASE("the fields of a histogram go to one block of values, whatever parts they travel in") {
  Sink sink;
  collect::Bindings bindings(kOnlyWaits, sink);
  InstanceIds ids{3};
  const Instance a = ids.take(), b = ids.take();
  for (const Instance device : {a, b})
    bindings.named({kHost, device, {device == a ? "a" : "b", "8", "0"}});
  Facts<CgroupBlkio> facts;
  for (std::size_t field = 0; field < std::size_t(CgroupBlkio::count); ++field)
    facts.set(CgroupBlkio(field), field * 10);
  const auto apply = [&](Instance device) {
    for (std::size_t part = 0; part < facts.kParts; ++part)
      bindings.apply(facts.part(part, kHost, device));
  };
  apply(a);
  apply(b);
  apply(a);
  CHECK(sink.binds == 2);
  const auto cell = [&](const std::string& name, SeriesId at) {
    sink.live["cell"] = sink.live.at(name) + at;
    return sink.value("cell");
  };
  for (SeriesId i = 0; i < kWait.cells(); ++i) {
    CAPTURE(i);
    CHECK(cell("t_wait_seconds@0 a", i) == std::to_string((i + 1) * 10));
    CHECK(cell("t_wait_seconds@0 b", i) == std::to_string((i + 1) * 10));
  }
  sink.live.erase("cell");
  bindings.gone(GoneInstance{kHost, a});
  CHECK(sink.value("t_wait_seconds@0 a") == "unbound");
  CHECK(cell("t_wait_seconds@0 b", 4) == "50");
}

TEST_CASE("what is gone keeps its counters and loses its gauges until it is forgotten") {
  Fixture f;
  const Subject web{3, 1};
  const Instance sda = f.ids.take();
  f.bindings.born(web);
  f.bindings.named({web, sda, {"sda", "", ""}});
  f.apply(web, sda, f.facts(10, 20));
  f.memory(web, 4096, 2);
  f.bindings.gone(web);
  CHECK(f.sink.value("t_bytes_total@3 Read sda") == "10");
  CHECK(f.sink.value("t_kills_total@3") == "2");
  CHECK(f.sink.value("t_usage_bytes@3") == "unbound");
  f.bindings.forget(web);
  CHECK(f.sink.live.empty());
  CHECK(f.bindings.stale_records() == 0);
}

TEST_CASE("what was still under way when it went raises its counters, and brings no gauge back") {
  Fixture f;
  const Subject web{3, 1};
  f.bindings.born(web);
  f.memory(web, 4096, 5);
  f.bindings.gone(web);
  f.memory(web, 8192, 4);
  CHECK(f.sink.value("t_kills_total@3") == "5");
  f.memory(web, 8192, 6);
  CHECK(f.sink.value("t_kills_total@3") == "6");
  CHECK(f.sink.value("t_usage_bytes@3") == "unbound");
}

TEST_CASE("final figures stay, gauges too, and take nothing back") {
  Fixture f;
  const Subject web{3, 1}, brief{4, 1};
  f.bindings.born(web);
  f.memory(web, 4096, 5);
  f.bindings.gone(web);
  f.end(web, 9999, 4);
  CHECK(f.sink.value("t_kills_total@3") == "5");  // a counter never goes back
  CHECK(f.sink.value("t_peak_bytes@3") == "9999");
  CHECK(f.sink.value("t_usage_bytes@3") == "unbound");

  f.bindings.born(brief);  // never seen alive
  f.bindings.gone(brief);
  f.end(brief, 777, 1);
  CHECK(f.sink.value("t_kills_total@4") == "1");
  CHECK(f.sink.value("t_peak_bytes@4") == "777");
  f.end({4, 2}, 1, 1);
  CHECK(f.bindings.stale_records() == 2);
}

TEST_CASE("a time that is sent once goes on with the ticks, until it is taken back") {
  Fixture f;
  const Subject web{4, 1};
  f.bindings.born(web);
  Facts<CgroupInfo> facts;
  facts.set(CgroupInfo::last_seen_ns, 100);
  f.bindings.apply(facts.part(0, web, 0));
  CHECK(f.sink.value("container_last_seen@4") == "100");
  f.bindings.set_now(200);
  CHECK(f.sink.value("container_last_seen@4") == "200");
  f.bindings.apply(Facts<CgroupInfo>{}.part(0, web, 0));
  f.bindings.set_now(300);
  CHECK(f.sink.value("container_last_seen@4") == "absent");
  f.bindings.gone(web);
  f.bindings.set_now(400);
  CHECK(f.sink.value("container_last_seen@4") == "unbound");
}

TEST_CASE("every series of a subject is listed, of a histogram the first, and no other's") {
  Fixture f;
  f.bindings.born({3, 1});
  f.bindings.born({4, 1});
  f.memory({3, 1}, 4096, 5);
  f.memory({4, 1}, 4096, 5);
  std::vector<SeriesId> listed;
  f.bindings.each_series(3, [&](SeriesId series) { listed.push_back(series); });
  std::sort(listed.begin(), listed.end());
  std::vector<SeriesId> bound;
  for (const auto& [name, series] : f.sink.live)
    if (name.ends_with("@3")) bound.push_back(series);
  std::sort(bound.begin(), bound.end());
  CHECK(bound.size() >= 2);
  CHECK(listed == bound);

  Sink sink;
  collect::Bindings waits(kOnlyWaits, sink);
  waits.born({3, 1});
  waits.named({{3, 1}, 1, {"sda", "8", "0"}});
  Facts<CgroupBlkio> all;
  for (std::size_t i = 0; i < kWait.cells(); ++i)
    all.set(CgroupBlkio(std::size_t(CgroupBlkio::write_bytes) + i), std::uint64_t{1});
  for (std::size_t part = 0; part < Facts<CgroupBlkio>::kParts; ++part)
    waits.apply(all.part(part, {3, 1}, 1));
  listed.clear();
  waits.each_series(3, [&](SeriesId series) { listed.push_back(series); });
  CHECK(listed == std::vector<SeriesId>{sink.live["t_wait_seconds@3 sda"]});
  waits.each_series(9, [](SeriesId) { FAIL("nobody is there"); });
}
