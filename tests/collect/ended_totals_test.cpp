#include "collect/ended_totals.hpp"

#include <doctest/doctest.h>

#include "collect/all.hpp"
#include "hostmeter/flow/facts/cgroup_blkio.hpp"
#include "hostmeter/flow/facts/cgroup_cpu.hpp"
#include "hostmeter/flow/facts/cgroup_life.hpp"
#include "hostmeter/flow/facts/cgroup_memory.hpp"
#include "support/named_series.hpp"

using namespace hostmeter;

namespace {

constexpr std::uint64_t kSecond = 1'000'000'000;

struct Lab {
  test::NamedSeries series;
  collect::Bindings bindings{collect::all(), series};
  InstanceIds ids{15}, devices{3};
  collect::EndedTotals totals{bindings, ids, {}};
  std::uint64_t now_ns = 0;

  template <class Field>
  void apply(const Facts<Field>& facts, Subject subject, Instance instance = 0,
             bool final = false) {
    for (std::size_t part = 0; part < facts.kParts; ++part) {
      Record record = facts.part(part, subject, instance);
      if (final) record.present |= kFinalFigures;
      totals.apply(record);
    }
  }
  void cpu(Subject subject, std::uint64_t ns) {
    Facts<CgroupCpu> facts;
    facts.set(CgroupCpu::usage_ns, ns);
    apply(facts, subject);
  }
  void oom(Subject subject, std::uint64_t kills) {
    Facts<CgroupMemory> facts;
    facts.set(CgroupMemory::oom_kills, kills);
    facts.set(CgroupMemory::usage, 4096);
    apply(facts, subject);
  }
  void io(Subject subject, Instance device, std::uint64_t written, std::uint64_t writes) {
    Facts<CgroupBlkio> facts;
    facts.set(CgroupBlkio::write_bytes, written);
    facts.set(CgroupBlkio::write_ops, writes);
    facts.set(CgroupBlkio::async_ops, 77);
    apply(facts, subject, device);
  }
  Instance device(Subject subject) {
    const Instance taken = devices.take();
    bindings.named({subject, taken, {"sda", "8", "0"}});
    return taken;
  }
  void end_tick() { totals.end_tick(now_ns += kSecond); }

  std::string ended(const std::string& what, const std::string& labels = "web:1 ") const {
    return series.value("hostmeter_ended_container" + what + "_total " + labels);
  }
};

const Subject kWeb{3, 1};
const collect::EndedTotals::Who kWho{"web:1", {}, {}};

}  // namespace

TEST_CASE("a container is counted once, in the tick in which it ended, with all it ever did") {
  Lab lab;
  lab.totals.born(kWeb);
  lab.totals.named(kWeb, kWho);
  const Instance sda = lab.device(kWeb), sdb = lab.device(kWeb);
  lab.cpu(kWeb, 5);
  lab.oom(kWeb, 1);
  lab.io(kWeb, sda, 4096, 1);
  lab.io(kWeb, sdb, 512, 1);
  lab.end_tick();
  CHECK(lab.ended("s") == "0");
  CHECK(lab.ended("_cpu_seconds") == "0");
  CHECK(lab.ended("_blkio_bytes", "web:1  Write") == "0");
  CHECK(lab.ended("_blkio_bytes", "web:1  Read") == "unbound");

  lab.io(kWeb, sda, 8192, 2);
  lab.totals.gone(kWeb);
  lab.cpu(kWeb, 7);
  lab.end_tick();
  CHECK(lab.ended("s") == "1");
  CHECK(lab.ended("_cpu_seconds") == "7");
  CHECK(lab.ended("_oom_kills") == "1");
  CHECK(lab.ended("_blkio_bytes", "web:1  Write") == "8704");
  CHECK(lab.ended("_blkio_requests", "web:1  Write") == "3");
  CHECK(lab.ended("_lifetime_seconds") == std::to_string(kSecond));
  lab.end_tick();
  lab.totals.forget(kWeb);
  lab.end_tick();
  CHECK(lab.ended("s") == "1");
  CHECK(lab.ended("_cpu_seconds") == "7");
}

TEST_CASE("figures that come late add what is more, and those that come twice add nothing") {
  Lab lab;
  lab.totals.born(kWeb);
  lab.totals.named(kWeb, kWho);
  const Instance sda = lab.device(kWeb);
  lab.totals.gone(kWeb);
  lab.cpu(kWeb, 7);
  lab.end_tick();
  lab.cpu(kWeb, 9);
  lab.io(kWeb, sda, 4096, 1);
  lab.io(kWeb, sda, 4096, 1);
  lab.cpu(kWeb, 8);
  lab.end_tick();
  CHECK(lab.ended("s") == "1");
  CHECK(lab.ended("_cpu_seconds") == "9");
  CHECK(lab.ended("_blkio_bytes", "web:1  Write") == "4096");
}

TEST_CASE("who has no name yet is waited for, but not for ever") {
  Lab lab;
  const Subject late{4, 1}, nameless{5, 1};
  for (const Subject subject : {late, nameless}) {
    lab.totals.born(subject);
    lab.totals.gone(subject);
    lab.cpu(subject, 3);
  }
  for (int i = 0; i < 5; ++i) lab.end_tick();
  CHECK(lab.series.live.empty());
  lab.totals.named(late, kWho);
  lab.end_tick();
  CHECK(lab.ended("s") == "1");
  CHECK(lab.ended("_cpu_seconds") == "3");
  for (int i = 0; i < 5; ++i) lab.end_tick();
  CHECK(lab.ended("s", " ") == "1");
  lab.totals.named(nameless, kWho);  // it stays where it was counted
  lab.cpu(nameless, 4);
  lab.end_tick();
  CHECK(lab.ended("s") == "1");
  CHECK(lab.ended("_cpu_seconds", " ") == "4");
}

TEST_CASE("whose image never comes is counted with what is known of it") {
  Lab lab;
  lab.totals.born(kWeb);
  lab.totals.named(kWeb, {{}, {}, {}}, false);
  lab.totals.named(kWeb, {{}, "shop", "cart-0"}, false);
  lab.totals.gone(kWeb);
  lab.end_tick();
  CHECK(lab.ended("s", " shop") == "0");
  for (int i = 0; i < 10; ++i) lab.end_tick();
  CHECK(lab.ended("s", " shop") == "1");
  CHECK(lab.ended("s", " ") == "unbound");
}

TEST_CASE("who is forgotten is waited for no longer, and its slot may have another by then") {
  Lab lab;
  const Subject next{kWeb.slot, 2};
  lab.totals.born(kWeb);
  lab.end_tick();
  lab.totals.gone(kWeb);
  lab.totals.forget(kWeb);
  lab.totals.born(next);
  lab.totals.named(next, kWho);
  lab.cpu(next, 1);
  lab.cpu(kWeb, 5);  // the kernel's word of its end, in the same tick
  lab.end_tick();
  CHECK(lab.ended("s", " ") == "1");
  CHECK(lab.ended("_cpu_seconds", " ") == "5");
  CHECK(lab.ended("s") == "0");
  lab.cpu(kWeb, 6);
  lab.totals.gone(next);
  lab.end_tick();
  CHECK(lab.ended("_cpu_seconds", " ") == "5");
  CHECK(lab.ended("_cpu_seconds") == "1");
}

TEST_CASE("the kernel knows better how long it lived") {
  Lab lab;
  lab.totals.born(kWeb);
  lab.totals.named(kWeb, kWho);
  lab.totals.gone(kWeb);
  Facts<CgroupLife> life;
  life.set(CgroupLife::lived_ns, 300'000'000);
  lab.apply(life, kWeb, 0, true);
  lab.end_tick();
  CHECK(lab.ended("_lifetime_seconds") == "300000000");
}

TEST_CASE("a container of a pod is counted by its image and by its pod") {
  Lab lab;
  for (std::uint32_t slot = 1; slot <= 3; ++slot) {
    lab.totals.born({slot, 1});
    lab.totals.named({slot, 1}, {slot < 3 ? "web:1" : "job:2", "shop", "cart-0"});
    lab.cpu({slot, 1}, slot);
    lab.totals.gone(Subject{slot, 1});
  }
  lab.end_tick();
  CHECK(lab.ended("s", "web:1 shop") == "2");
  CHECK(lab.ended("s", "job:2 shop") == "1");
  CHECK(lab.series.value("hostmeter_pod_ended_containers_total shop cart-0") == "3");
  CHECK(lab.series.value("hostmeter_pod_ended_container_cpu_seconds_total shop cart-0") == "6");
}

TEST_CASE("an image that is told late takes nothing from the first; who is excluded never counts") {
  Lab lab;
  lab.totals.born(kWeb);
  lab.totals.named(kWeb, {"sha256:1", {}, {}});
  lab.totals.named(kWeb, kWho);
  lab.cpu(kWeb, 2);
  lab.totals.gone(kWeb);
  const Subject sandbox{6, 1};
  lab.totals.born(sandbox);
  lab.totals.named(sandbox, kWho);
  lab.totals.gone(sandbox);
  lab.totals.exclude(sandbox, true);
  lab.end_tick();
  CHECK(lab.ended("s") == "1");
  CHECK(lab.ended("_cpu_seconds") == "2");
  CHECK(lab.ended("s", "sha256:1 ") == "unbound");
}

TEST_CASE(
    "what was known by half leaves no row, and one that ends as another comes keeps its own") {
  Lab lab;
  lab.totals.born(kWeb);
  lab.totals.named(kWeb, {"", "shop", "web-1"}, false);
  lab.end_tick();
  CHECK(lab.ended("s", " shop") == "0");
  lab.totals.named(kWeb, {"web:1", "shop", "web-1"});
  lab.end_tick();
  CHECK(lab.ended("s", " shop") == "unbound");
  CHECK(lab.ended("s", "web:1 shop") == "0");
  CHECK(lab.series.value("hostmeter_pod_ended_containers_total shop web-1") == "0");
  lab.totals.gone(kWeb);
  lab.totals.forget(kWeb);
  lab.end_tick();
  CHECK(lab.ended("s", "web:1 shop") == "1");
}

TEST_CASE("a sandbox that was known by its pod before leaves no row") {
  Lab lab;
  lab.totals.born(kWeb);
  lab.totals.named(kWeb, {"", "shop", "web-1"}, false);
  lab.totals.exclude(kWeb, true);
  lab.cpu(kWeb, 2);
  lab.end_tick();
  CHECK(lab.ended("s", " shop") == "unbound");
  lab.totals.exclude(kWeb, false);
  lab.totals.named(kWeb, {"web:1", "shop", "web-1"});
  lab.totals.gone(kWeb);
  lab.end_tick();
  CHECK(lab.ended("_cpu_seconds", "web:1 shop") == "2");
}

TEST_CASE(
    "block I/O that falls adds nothing until it is more again, and an end told twice counts once") {
  Lab lab;
  lab.totals.born(kWeb);
  lab.totals.named(kWeb, kWho);
  const Instance sda = lab.device(kWeb);
  lab.io(kWeb, sda, 100, 10);
  lab.io(kWeb, sda, 40, 4);  // another source's, or late
  lab.io(kWeb, sda, 120, 12);
  lab.totals.gone(kWeb);
  lab.totals.gone(kWeb);
  lab.end_tick();
  CHECK(lab.ended("s") == "1");
  CHECK(lab.ended("_blkio_bytes", "web:1  Write") == "120");
}

TEST_CASE("a device that goes keeps what was moved to it, and its number may name another") {
  Lab lab;
  lab.totals.born(kWeb);
  lab.totals.named(kWeb, kWho);
  const Instance sda = lab.device(kWeb);
  lab.io(kWeb, sda, 4096, 1);
  lab.totals.gone(GoneInstance{kWeb, sda});
  lab.bindings.gone(GoneInstance{kWeb, sda});
  lab.io(kWeb, sda, 4096, 1);  // still under way
  const Instance sdb = lab.device(kWeb);
  lab.io(kWeb, sdb, 100, 1);
  lab.totals.gone(kWeb);
  lab.end_tick();
  CHECK(lab.ended("_blkio_bytes", "web:1  Write") == "4196");
}
