// What the pump's memory does: nothing in a steady tick, and nothing is left of those that ended.
#include <doctest/doctest.h>
#include <malloc.h>

#include <string>

#include "app/pump.hpp"
#include "app/round_output.hpp"
#include "base/clock.hpp"
#include "bench/heap_calls.hpp"
#include "collect/all.hpp"
#include "contract/standard.hpp"
#include "hostmeter/flow/facts/cgroup_blkio.hpp"
#include "hostmeter/flow/facts/cgroup_cpu.hpp"
#include "hostmeter/flow/facts/cgroup_memory.hpp"
#include "hostmeter/flow/facts/container.hpp"

using namespace hostmeter;

namespace {

const base::SystemClock kClock;

// Pods of two containers each, named by a runtime, some excluded and some beyond the limit.
struct Lab {
  app::Doorbell bell;
  app::Channel sampler{"sampler", 4'096, 1'024}, runtime{"docker", 4'096, 1'024};
  store::SnapshotPool pool{2};
  contract::Standard contract;
  app::Pump pump{
      {&sampler, &runtime},
      collect::all(),
      {.max_series = 100'000, .labels = {}},
      pool,
      {&contract},
      {.shown_labels = {"*"}, .filter = {.names = {{}, {"ci-*"}}, .images = {}, .labels = {}}},
      {.max_shown = 30}};
  app::RingOutput out{sampler, bell, kClock, 1'000'000'000};
  app::RoundOutput told{runtime, bell, kClock, 1'000'000'000};
  InstanceIds devices{0}, states{1};
  std::uint64_t now_ns = 0;

  Lab() { told.send(NewsItem(RuntimeUp{Runtime::docker, true})); }

  static std::string id(std::uint32_t number) {
    const std::string digits = std::to_string(number);
    return std::string(64 - digits.size(), 'a') + digits;
  }
  void born(Subject subject, std::uint32_t number) {
    const std::string uid = "uid" + std::to_string(number / 2);
    out.send(NewsItem(Born{subject,
                           "/kubepods/" + uid + "/" + id(number),
                           {.kind = CgroupKind::container,
                            .runtime = Runtime::docker,
                            .container_id = id(number),
                            .pod_uid = uid}}));
  }
  void described(std::uint32_t number) {
    told.send(NewsItem(Described{{.runtime = Runtime::docker,
                                  .container_id = id(number),
                                  .name = (number % 10 == 9 ? "ci-" : "web-") + id(number),
                                  .image = "image" + std::to_string(number % 3),
                                  .pod_namespace = "shop",
                                  .pod = "pod" + std::to_string(number / 2),
                                  .pod_uid = "uid" + std::to_string(number / 2),
                                  .labels = {{"team", "infra"}}}}));
  }
  void figures(Subject subject, Instance device, std::uint64_t value) {
    Facts<CgroupCpu> cpu;
    cpu.set(CgroupCpu::usage_ns, value);
    out.send(subject, cpu);
    Facts<CgroupMemory> memory;
    memory.set(CgroupMemory::usage, value);
    memory.set(CgroupMemory::oom_kills, value);
    out.send(subject, memory);
    Facts<CgroupBlkio> io;
    io.set(CgroupBlkio::read_bytes, value);
    out.send(subject, io, device);
  }
  void tick() {
    told.end_round();
    Facts<TickField> mark;
    mark.set(TickField::monotonic_ns, now_ns += 1'000'000'000);
    mark.set(TickField::realtime_ns, now_ns);
    out.end_tick(mark);
    pump.drain();
  }
};

}  // namespace

TEST_CASE("a steady tick with runtimes followed allocates nothing") {
  Lab lab;
  constexpr std::uint32_t kContainers = 60;
  std::vector<Instance> devices, states;
  for (std::uint32_t i = 0; i < kContainers; ++i) {
    const Subject subject{i + 1, 1};
    lab.born(subject, i);
    lab.described(i);
    devices.push_back(lab.devices.take());
    lab.out.send(NewsItem(NamedInstance{subject, devices.back(), {"sda", "8", "0"}}));
    states.push_back(lab.states.take());
    lab.told.send(
        NewsItem(NamedInstance{kHost, states.back(), {"/x", Lab::id(i), "image", "", "", ""}}));
  }
  std::uint64_t before = 0;
  for (std::uint64_t tick = 1; tick <= 20; ++tick) {
    if (tick == 11) before = bench::heap_calls();
    for (std::uint32_t i = 0; i < kContainers; ++i) {
      lab.figures({i + 1, 1}, devices[i], 1'000 * tick + i);
      Facts<ContainerState> state;
      state.set(ContainerState::is_running, std::uint64_t{tick % 2});
      lab.told.send(kHost, state, states[i]);
    }
    lab.tick();
  }
  CHECK(bench::heap_calls() == before);
}

TEST_CASE("of containers that come and go no memory is left") {
  Lab lab;
  std::uint32_t generation = 0, number = 0;
  const auto churn = [&](std::uint32_t lives) {
    for (std::uint32_t i = 0; i < lives; ++i) {
      const Subject subject{1 + i % 50, ++generation};
      const std::uint32_t one = number++;
      lab.born(subject, one);
      lab.described(one);
      const Instance device = lab.devices.take();
      lab.out.send(NewsItem(NamedInstance{subject, device, {"sda", "8", "0"}}));
      lab.figures(subject, device, 1'000 + i);
      lab.tick();
      lab.out.send(NewsItem(Gone{subject}));
      lab.told.send(NewsItem(Undescribed{Runtime::docker, Lab::id(one)}));
      lab.tick();
      lab.out.send(NewsItem(Forgotten{subject}));
      lab.devices.give_back(device);
      lab.devices.settle();
      lab.tick();
    }
    // Rows of pods that ended are kept for an hour, and looked at once a minute.
    lab.now_ns += 4'000'000'000'000;
    for (int i = 0; i < 4; ++i) lab.tick();
    return ::mallinfo2().uordblks;
  };
  churn(1'000);
  const std::size_t before = churn(1'000);
  const std::size_t after = churn(1'000);
  INFO("bytes in use: " << before << ", then " << after);
  CHECK(after <= before + 16'384);  // 16 bytes for each that was
}
