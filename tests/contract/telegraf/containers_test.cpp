#include "contract/telegraf/containers.hpp"

#include <doctest/doctest.h>

#include "hostmeter/flow/facts/cgroup_blkio.hpp"
#include "hostmeter/flow/facts/cgroup_cpu.hpp"
#include "hostmeter/flow/facts/cgroup_memory.hpp"
#include "hostmeter/flow/facts/cgroup_network.hpp"
#include "hostmeter/flow/facts/cgroup_spec.hpp"
#include "hostmeter/flow/facts/container.hpp"
#include "hostmeter/flow/own_groups.hpp"
#include "made_up_host.hpp"

using namespace hostmeter;
using namespace hostmeter::contract::telegraf;

namespace {

const std::string kWeb(64, 'a'), kDb(64, 'b');

std::map<std::string, Container> read(MadeUpHost& host, const std::string& runtime = "docker") {
  host.tick(0);
  Source source = host.source();
  return containers_of(runtime, source);
}

Description description(const std::string& id, Runtime runtime = Runtime::docker) {
  return {.runtime = runtime, .container_id = id, .name = "n", .image = "i"};
}

}  // namespace

TEST_CASE("only what this engine described is one of its containers") {
  MadeUpHost host(System{});
  for (const auto& [slot, id] : {std::pair(1U, kWeb), std::pair(2U, kDb)})
    host.say<CgroupCpu>({{CgroupCpu::usage_ns, 5}}, host.container(slot, id));
  host.say<CgroupCpu>({{CgroupCpu::usage_ns, 9}}, kHost);
  host.describe(description(kWeb));
  const auto all = read(host);
  REQUIRE(all.size() == 1);
  CHECK(all.begin()->first == kWeb);
  CHECK(all.at(kWeb).counted->slot == 1);
  CHECK((*all.at(kWeb).counted)[Figure::cpu_usage].exists());
  CHECK_FALSE((*all.at(kWeb).counted)[Figure::rss].exists());
  CHECK(read(host, "podman").empty());
}

TEST_CASE("disks by number, with what only their names tell; interfaces by name") {
  MadeUpHost host(System{});
  const Subject web = host.container(1, kWeb);
  host.describe(description(kWeb));
  host.say<CgroupCpu>({{CgroupCpu::usage_ns, 5}}, web);
  host.say<CgroupBlkio>({{CgroupBlkio::read_bytes, 1}, {CgroupBlkio::read_ops, 2}}, web,
                        host.name({"/dev/vda", "254", "0"}, web));
  host.say<CgroupNetwork>({{CgroupNetwork::receive_bytes, 1}, {CgroupNetwork::transmit_errors, 2}},
                          web, host.name({"eth0"}, web));
  const auto all = read(host);
  const Counted& counted = *all.at(kWeb).counted;
  REQUIRE(counted.disks.size() == 1);
  CHECK(counted.disks[0].number == "254:0");
  CHECK(counted.disks[0].read_bytes.exists());
  CHECK(counted.disks[0].reads.exists());
  CHECK_FALSE(counted.disks[0].writes.exists());
  REQUIRE(counted.interfaces.size() == 1);
  CHECK(counted.interfaces[0].name == "eth0");
  CHECK(counted.interfaces[0].figures[Interface::tx_errors].exists());
}

TEST_CASE("what the kernel tells of v1, of limits and of nested cgroups") {
  MadeUpHost host(System{});
  const Subject web = host.container(1, kWeb), db = host.container(2, kDb);
  host.describe(description(kWeb));
  host.describe(description(kDb));
  host.say<CgroupMemory>({{CgroupMemory::usage, 1},
                          {CgroupMemory::failcnt, 0},
                          {CgroupMemory::own_pgfault, 2},
                          {CgroupMemory::pgmajfault, 3}},
                         web);
  host.say<CgroupMemory>({{CgroupMemory::usage, 1}}, db);
  host.say<CgroupSpec>({{CgroupSpec::memory_limit, 77}}, web);
  const Subject inside =
      host.cgroup(3, "/docker/" + kDb + "/inner",
                  {.kind = CgroupKind::nested, .runtime = Runtime::docker, .container_id = kDb});
  host.say<CgroupMemory>({{CgroupMemory::usage, 1}}, inside);
  const auto all = read(host);
  CHECK(all.at(kWeb).counted->is_v1());
  CHECK(*all.at(kWeb).counted->memory_limit == 77);
  CHECK((*all.at(kWeb).counted)[Figure::own_pgfault].exists());
  CHECK((*all.at(kWeb).counted)[Figure::pgmajfault].exists());
  CHECK_FALSE((*all.at(kWeb).counted)[Figure::pgfault].exists());
  CHECK_FALSE(all.at(kWeb).counted->has_nested);
  CHECK_FALSE(all.at(kDb).counted->is_v1());
  CHECK(all.at(kDb).counted->has_nested);
}

TEST_CASE("what the engine says is of the container whose id is in the path") {
  MadeUpHost host(System{});
  host.describe(description(kDb));
  host.say<ContainerState>(
      {{ContainerState::is_running, 0},
       {ContainerState::is_exited, 1},
       {ContainerState::exit_code, 137},
       {ContainerState::unhealthy, 1}},
      kHost, host.name({"/system.slice/docker-" + kDb + ".scope", "db", "i", "", "", ""}));
  host.say<ContainerState>({{ContainerState::is_running, 1}}, kHost,
                           host.name({"/lxc.payload.c1", "c1", "", "", "", ""}));
  const auto all = read(host);
  REQUIRE(all.size() == 1);
  CHECK_FALSE(all.at(kDb).counted);
  CHECK(all.at(kDb).told.status == "exited");
  CHECK(all.at(kDb).told.health == "unhealthy");
  CHECK(all.at(kDb).told.exit_code.exists());
  CHECK_FALSE(all.at(kDb).told.started.exists());
}

TEST_CASE("the sum of those that are not shown is no container") {
  MadeUpHost host(System{});
  host.say<CgroupCpu>({{CgroupCpu::usage_ns, 5}}, kOverflow);
  CHECK(read(host).empty());
}
