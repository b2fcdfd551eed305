#include "app/pump.hpp"

#include <doctest/doctest.h>

#include <string>

#include "app/round_output.hpp"
#include "base/clock.hpp"
#include "collect/all.hpp"
#include "contract/standard.hpp"
#include "expose/text_stream.hpp"
#include "hostmeter/flow/facts/cgroup_cpu.hpp"
#include "hostmeter/flow/facts/cgroup_memory.hpp"
#include "hostmeter/flow/facts/loadavg.hpp"

using namespace hostmeter;

namespace {

const base::SystemClock kClock;

struct Fixture {
  app::Doorbell bell;
  app::Channel sampler{"sampler", 64, 64}, statfs{"statfs", 64, 64};
  store::SnapshotPool pool{2};
  contract::Standard contract;
  app::Pump pump{{&sampler, &statfs}, collect::all(), {}, pool, {&contract}};
  app::RingOutput out{sampler, bell, kClock, 1'000'000};

  void send_load(double load) {
    Facts<Loadavg> facts;
    facts.set_real(Loadavg::one_minute, load);
    out.send(kHost, facts);
  }
  std::string scrape() {
    const auto lease = pool.newest();
    if (!lease) return "nothing";
    expose::TextStream stream(*lease, contract.shown(*lease, {}), 0);
    std::string text(64 << 10, ' ');
    text.resize(stream.fill(text));
    return text;
  }
  bool shows(const std::string& line) {
    return scrape().find("\n" + line + "\n") != std::string::npos;
  }
};

// Shows what is printed under names of its own, and leaves some out.
struct Named : contract::Contract {
  std::size_t left_out() const override { return 3; }
  contract::Shown shown(const store::Snapshot& snapshot,
                        const contract::Selection& all) const override {
    return contract::Standard().shown(snapshot, all);
  }
};

}  // namespace

TEST_CASE("nothing is published before a tick's mark, all of it then") {
  Fixture f;
  f.send_load(0.5);
  f.pump.drain();
  CHECK(f.scrape() == "nothing");
  f.out.end_tick({});
  f.pump.drain();
  CHECK(f.shows("node_load1 0.5"));
  CHECK(f.shows("hostmeter_ring_dropped_total{ring=\"statfs\"} 0"));
}

TEST_CASE("an abandoned tick is not published: the last whole one stays") {
  Fixture f;
  f.send_load(0.5);
  f.out.end_tick({});
  f.pump.drain();
  for (int i = 0; i < 100; ++i) f.send_load(9);
  CHECK_FALSE(f.out.end_tick({}));
  f.pump.drain();
  CHECK(f.shows("node_load1 0.5"));
  f.send_load(0.25);
  f.out.end_tick({});
  f.pump.drain();
  CHECK(f.shows("node_load1 0.25"));
}

TEST_CASE("a steady tick does not wait for readers that hold old snapshots") {
  Fixture f;
  f.out.end_tick({});
  f.pump.drain();
  const auto slow = f.pool.newest();
  for (int i = 1; i <= 5; ++i) {
    f.send_load(i);
    f.out.end_tick({});
    f.pump.drain();
  }
  CHECK(f.shows("node_load1 5"));
}

TEST_CASE("a container that is gone is served as it ended until it is forgotten") {
  Fixture f;
  const Subject box{1, 1};
  const auto send = [&](std::uint64_t cpu_ns, std::uint64_t bytes) {
    Facts<CgroupCpu> cpu;
    cpu.set(CgroupCpu::usage_ns, cpu_ns);
    f.out.send(box, cpu);
    Facts<CgroupMemory> memory;
    memory.set(CgroupMemory::usage, bytes);
    f.out.send(box, memory);
  };
  const auto publish = [&] {
    f.out.end_tick({});
    f.pump.drain();
  };
  const std::string cpu = "container_cpu_usage_seconds_total{id=\"/box\",cpu=\"total\"} ";
  f.out.send(NewsItem(Born{box, "/box", {}}));
  send(2'000'000'000, 4096);
  publish();
  CHECK(f.shows(cpu + "2"));
  CHECK(f.shows("container_memory_usage_bytes{id=\"/box\"} 4096"));

  f.out.send(NewsItem(Gone{box}));
  Facts<CgroupCpu> last;
  last.set(CgroupCpu::usage_ns, std::uint64_t{3'000'000'000});
  f.out.send_final(box, last);
  publish();
  CHECK(f.shows(cpu + "3"));
  CHECK(f.scrape().find("container_memory_usage_bytes") == std::string::npos);

  f.out.send(NewsItem(Forgotten{box}));
  f.out.send(NewsItem(Born{{1, 2}, "/box", {}}));
  publish();
  CHECK(f.scrape().find(cpu) == std::string::npos);
  CHECK(f.shows("hostmeter_container_info{id=\"/box\",kind=\"other\"} 1"));
}

TEST_CASE("what a runtime said before a tick's mark is in that tick's snapshot") {
  Fixture f;
  app::RingOutput runtime(f.statfs, f.bell, kClock, 1'000'000);
  const std::string id(64, 'a');
  f.out.send(NewsItem(
      Born{{1, 1},
           "/docker/" + id,
           {.kind = CgroupKind::container, .runtime = Runtime::docker, .container_id = id}}));
  Facts<CgroupCpu> cpu;
  cpu.set(CgroupCpu::usage_ns, std::uint64_t{2'000'000'000});
  f.out.send({1, 1}, cpu);
  runtime.send(NewsItem(RuntimeUp{Runtime::docker, true}));
  f.out.end_tick({});
  f.pump.drain();
  CHECK(f.scrape().find("container_cpu_usage_seconds_total") == std::string::npos);
  runtime.send(NewsItem(Described{
      {.runtime = Runtime::docker, .container_id = id, .name = "web", .image = "nginx"}}));
  f.out.end_tick({});
  f.pump.drain();
  CHECK(f.shows("container_cpu_usage_seconds_total{id=\"/docker/" + id +
                "\",name=\"web\",image=\"nginx\",cpu=\"total\"} 2"));
}

TEST_CASE("a runtime that does not tell of a container in time is doubted, once") {
  Fixture f;
  app::Channel runtime("docker", 16, 16), other("podman", 16, 16);
  app::Channel sampler("sampler", 256, 64);
  app::RingOutput out(sampler, f.bell, kClock, 1'000'000);
  app::RoundOutput told(runtime, f.bell, kClock, 1'000'000);
  app::Pump pump({&sampler, &runtime, &other}, collect::all(), {.max_series = 10'000, .labels = {}},
                 f.pool, {&f.contract});
  const std::string id(64, 'a');
  told.send(NewsItem(RuntimeUp{Runtime::docker, true}));
  told.send(NewsItem(RuntimeUp{Runtime::podman, true}));
  out.send(NewsItem(
      Born{{1, 1},
           "/docker/" + id,
           {.kind = CgroupKind::container, .runtime = Runtime::docker, .container_id = id}}));
  for (int tick = 0; tick < 2; ++tick) {
    out.end_tick({});
    pump.drain();
    CHECK_FALSE(runtime.doubts);
  }
  out.end_tick({});
  pump.drain();
  CHECK(runtime.doubts.exchange(false));
  CHECK_FALSE(other.doubts);
  for (int tick = 0; tick < 4; ++tick) {
    out.end_tick({});
    pump.drain();
  }
  CHECK_FALSE(runtime.doubts);
}

TEST_CASE("what scripts print is served beside our own metrics, and cannot take their names") {
  Fixture f;
  MetricFamily own{.name = "certs_days", .type = MetricType::gauge, .help = "Left."};
  own.series = {{"certs_days", "target=\"a\"", 3}};
  MetricFamily ours{.name = "node_load1", .type = MetricType::gauge};
  ours.series = {{"node_load1", "", 99}};
  app::RingOutput script{f.statfs, f.bell, kClock, 1'000'000};
  script.send(NewsItem(Printed{"certs", {own, ours}}));
  f.send_load(0.5);
  f.out.end_tick({});
  f.pump.drain();
  CHECK(f.shows("certs_days{target=\"a\"} 3"));
  CHECK(f.shows("node_load1 0.5"));
  CHECK_FALSE(f.shows("node_load1 99"));
  CHECK(f.shows("hostmeter_printed_series 1"));
  CHECK(f.shows("hostmeter_printed_series_left_out 1"));
  CHECK(f.shows("hostmeter_printer_series_left_out{printer=\"certs\"} 1"));

  script.send(NewsItem(Printed{"certs", {}}));
  f.out.end_tick({});
  f.pump.drain();
  CHECK_FALSE(f.shows("certs_days{target=\"a\"} 3"));
  CHECK(f.shows("hostmeter_printed_series 0"));
  CHECK_FALSE(f.shows("hostmeter_printer_series_left_out{printer=\"certs\"}"));
}

TEST_CASE("where no contract shows what is printed together, only what contracts say is left out") {
  Fixture f;
  Named contract;
  app::Pump pump({&f.sampler, &f.statfs}, collect::all(), {}, f.pool, {&contract});
  MetricFamily ours{.name = "node_load1", .type = MetricType::gauge};
  ours.series = {{"node_load1", "", 99}};
  app::RingOutput script{f.statfs, f.bell, kClock, 1'000'000};
  script.send(NewsItem(Printed{"certs", {ours}}));
  f.out.end_tick({});
  pump.drain();
  CHECK(f.shows("hostmeter_printed_series 1"));
  CHECK(f.shows("hostmeter_printed_series_left_out 3"));
  CHECK(f.shows("hostmeter_printer_series_left_out{printer=\"certs\"} 0"));
}
