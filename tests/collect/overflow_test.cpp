#include "collect/overflow.hpp"

#include <doctest/doctest.h>

#include "collect/all.hpp"
#include "hostmeter/flow/facts/cgroup_blkio.hpp"
#include "hostmeter/flow/facts/cgroup_cpu.hpp"
#include "hostmeter/flow/facts/cgroup_info.hpp"
#include "hostmeter/flow/facts/cgroup_memory.hpp"
#include "hostmeter/flow/facts/cgroup_run_queue.hpp"
#include "hostmeter/flow/facts/cgroup_spec.hpp"
#include "support/named_series.hpp"

using namespace hostmeter;

namespace {

struct Lab {
  explicit Lab(collect::Overflow::Options options = {})
      : overflow(collect::all(), bindings, ids, options) {}
  test::NamedSeries series;
  collect::Bindings bindings{collect::all(), series};
  InstanceIds ids{15}, devices{3};
  collect::Overflow overflow;

  Subject born(std::uint32_t slot, bool shown = true) {
    const Subject subject{slot, ++generation};
    overflow.born(subject);
    if (shown) overflow.show(subject, true);
    return subject;
  }
  template <class Field>
  void apply(const Facts<Field>& facts, Subject subject, Instance instance = 0) {
    for (std::size_t part = 0; part < facts.kParts; ++part)
      overflow.apply(facts.part(part, subject, instance));
  }
  void cpu(Subject subject, std::uint64_t ns) {
    Facts<CgroupCpu> facts;
    facts.set(CgroupCpu::usage_ns, ns);
    apply(facts, subject);
  }
  void memory(Subject subject, std::optional<std::uint64_t> usage, std::uint64_t peak = 1) {
    Facts<CgroupMemory> facts;
    facts.set(CgroupMemory::usage, usage);
    facts.set(CgroupMemory::peak, peak);
    apply(facts, subject);
  }
  Instance device(Subject subject, const std::string& name) {
    const Instance taken = devices.take();
    bindings.named({subject, taken, {name, "8", "0"}});
    return taken;
  }
  void written(Subject subject, Instance device, std::uint64_t bytes) {
    Facts<CgroupBlkio> facts;
    facts.set(CgroupBlkio::write_bytes, bytes);
    apply(facts, subject, device);
  }
  std::string value(const std::string& name, const std::string& labels = "") {
    overflow.end_tick();
    return series.value(name + "@1" + labels);
  }
  std::string cpu() { return value("container_cpu_usage_seconds_total", " total"); }
  std::string memory() { return value("container_memory_usage_bytes"); }
  std::string written(const std::string& device) {
    return value("container_fs_writes_bytes_total", " " + device);
  }
  std::uint32_t generation = 0;
};

}  // namespace

TEST_CASE("counters are those of all that ever were there, gauges of those that live") {
  Lab lab;
  const Subject a = lab.born(5), b = lab.born(7);
  lab.cpu(a, 10);
  lab.cpu(b, 20);
  lab.memory(a, 4096);
  lab.memory(b, 100);
  CHECK(lab.cpu() == "30");
  CHECK(lab.memory() == "4196");
  lab.cpu(a, 15);
  lab.memory(a, 4000);
  CHECK(lab.cpu() == "35");
  CHECK(lab.memory() == "4100");
  CHECK(lab.overflow.living() == 2);

  lab.overflow.gone(a);
  lab.cpu(a, 17);       // its final figures
  lab.memory(a, 5000);  // late: it uses no memory any more
  CHECK(lab.cpu() == "37");
  CHECK(lab.memory() == "100");
  CHECK(lab.overflow.living() == 1);
  lab.overflow.forget(a);
  lab.cpu(a, 99);
  CHECK(lab.cpu() == "37");
  const Subject next = lab.born(5);
  lab.cpu(next, 1);
  lab.cpu(a, 99);
  CHECK(lab.cpu() == "38");
}

TEST_CASE("a gauge that nobody has any more is absent, a counter stays") {
  Lab lab;
  const Subject a = lab.born(5);
  lab.cpu(a, 10);
  lab.memory(a, 4096);
  CHECK(lab.memory() == "4096");
  lab.memory(a, {});
  CHECK(lab.memory() == "absent");
  lab.memory(a, 1);
  CHECK(lab.memory() == "1");
  lab.overflow.forget(a);
  CHECK(lab.memory() == "absent");
  CHECK(lab.cpu() == "10");
  CHECK(lab.overflow.living() == 0);
}

TEST_CASE("a counter that falls takes nothing back and is not counted twice") {
  Lab lab;
  const Subject a = lab.born(5);
  for (const std::uint64_t ns : {10U, 8U, 11U}) lab.cpu(a, ns);
  CHECK(lab.cpu() == "11");
}

TEST_CASE("what cannot be added up is left out: limits, peaks, moments and what one is") {
  Lab lab;
  const Subject a = lab.born(5);
  lab.memory(a, 1, 9999);
  Facts<CgroupSpec> spec;
  spec.set(CgroupSpec::memory_limit, 1 << 20);
  lab.apply(spec, a);
  Facts<CgroupInfo> info;
  info.set(CgroupInfo::last_seen_ns, 1);
  lab.apply(info, a);
  lab.overflow.end_tick();
  CHECK(lab.series.live.size() == 1);
  CHECK(lab.memory() == "1");
}

TEST_CASE("devices of the same name are one, and what is gone stays in the counters") {
  Lab lab;
  const Subject a = lab.born(5), b = lab.born(7);
  const Instance of_a = lab.device(a, "sda"), of_b = lab.device(b, "sda");
  const Instance other = lab.device(b, "sdb");
  lab.written(a, of_a, 10);
  lab.written(b, of_b, 5);
  lab.written(b, other, 1);
  CHECK(lab.written("sda") == "15");
  CHECK(lab.written("sdb") == "1");
  lab.overflow.gone(GoneInstance{a, of_a});
  lab.bindings.gone(GoneInstance{a, of_a});
  lab.written(a, of_a, 20);  // nobody knows of what device any more
  CHECK(lab.written("sda") == "15");
  const Instance again = lab.device(a, "sda");
  lab.written(a, again, 2);
  CHECK(lab.written("sda") == "17");
}

TEST_CASE("histograms add up cell by cell") {
  Lab lab;
  const Subject a = lab.born(5), b = lab.born(7);
  for (const Subject subject : {a, b}) {
    Facts<CgroupRunQueue> facts;
    for (std::size_t i = 0; i < facts.kFields; ++i) facts.set(CgroupRunQueue(i), i + 1);
    lab.apply(facts, subject);
  }
  CHECK(lab.value("container_cpu_run_queue_wait_seconds") == "2");
  CHECK(lab.series.value("container_cpu_run_queue_wait_seconds@1", 3) == "8");
}

TEST_CASE("who is not shown counts for nothing, and with all it did once it is") {
  Lab lab;
  const Subject a = lab.born(5, false);
  lab.cpu(a, 10);
  lab.memory(a, 4096);
  CHECK(lab.cpu() == "unbound");
  lab.overflow.show(a, true);
  CHECK(lab.cpu() == "10");
  CHECK(lab.memory() == "4096");
  lab.overflow.show(a, false);
  lab.cpu(a, 12);
  lab.memory(a, 5000);
  CHECK(lab.cpu() == "10");
  CHECK(lab.memory() == "absent");
  lab.overflow.show(a, true);
  lab.cpu(a, 13);
  CHECK(lab.cpu() == "11");
  CHECK(lab.memory() == "5000");
}

TEST_CASE("memory is bounded: what there is no room for is counted") {
  Lab lab({.max_rows = 2, .max_instances = 1});
  const Subject a = lab.born(5), b = lab.born(7);
  lab.cpu(a, 1);
  lab.cpu(b, 1);
  lab.memory(b, 1);
  CHECK(lab.memory() == "unbound");
  CHECK(lab.cpu() == "2");
  const std::uint64_t refused = lab.overflow.refused();
  CHECK(refused > 0);
  lab.overflow.forget(a);
  const Instance sda = lab.device(b, "sda"), sdb = lab.device(b, "sdb");
  lab.written(b, sda, 3);
  lab.written(b, sdb, 3);
  CHECK(lab.written("sda") == "3");
  CHECK(lab.written("sdb") == "unbound");
  CHECK(lab.overflow.refused() > refused);
}
