#include "contract/telegraf/telegraf.hpp"

#include <doctest/doctest.h>

#include "hostmeter/flow/facts/agent.hpp"
#include "hostmeter/flow/facts/loadavg.hpp"
#include "hostmeter/flow/facts/netdev.hpp"
#include "hostmeter/flow/facts/stat.hpp"
#include "made_up_host.hpp"

using namespace hostmeter;
using namespace hostmeter::contract::telegraf;

namespace {

void set_load(MadeUpHost& host, double load) {
  Facts<Loadavg> facts;
  facts.set_real(Loadavg::one_minute, load);
  host.say(facts);
}

Options system_every(std::uint64_t seconds) {
  return {.inputs = {{.plugin = System{}, .timing = {.interval_ns = seconds * kSecond}}}};
}

}  // namespace

TEST_CASE("values are those of the last gather, whatever comes between") {
  MadeUpHost host(system_every(10));
  set_load(host, 1);
  host.tick(0);
  set_load(host, 2);
  for (std::uint64_t second = 1; second < 10; ++second) host.tick(second);
  CHECK(host.lines("system_load1") == Lines{"system_load1 1"});
  host.tick(10);
  CHECK(host.lines("system_load1") == Lines{"system_load1 2"});
}

TEST_CASE("a tick between gathers makes nothing anew") {
  MadeUpHost host(system_every(10));
  set_load(host, 1);
  host.tick(0);
  const std::uint64_t version = host.view().version;
  const auto layout = host.view().layout;
  host.tick(1);
  CHECK(host.view().version == version);
  set_load(host, 3);
  host.tick(10);
  CHECK(host.view().version != version);
  CHECK(host.view().layout == layout);  // only values changed
}

TEST_CASE("what is not renewed expires") {
  MadeUpHost host(system_every(300));
  set_load(host, 1);
  host.tick(0);
  host.tick(60);
  CHECK(host.shows("system_load1 1"));
  host.tick(61);
  CHECK(host.lines().empty());
  host.tick(300);
  CHECK(host.shows("system_load1 1"));
}

TEST_CASE("an expiration of 0 is none") {
  Options options = system_every(10'000);
  options.expiration_ns = 0;
  MadeUpHost host(options);
  set_load(host, 1);
  host.tick(0);
  host.tick(9'000);
  CHECK(host.shows("system_load1 1"));
}

TEST_CASE("each input has a time of its own, and two of one kind may serve under two names") {
  Options options = system_every(10);
  options.inputs.push_back({.plugin = System{},
                            .timing = {.interval_ns = 30 * kSecond},
                            .renaming = {.name_prefix = "slow_"}});
  MadeUpHost host(options);
  set_load(host, 1);
  host.tick(0);
  set_load(host, 2);
  host.tick(10);
  CHECK(host.shows("system_load1 2"));
  CHECK(host.shows("slow_system_load1 1"));
  host.tick(30);
  CHECK(host.shows("slow_system_load1 2"));
}

TEST_CASE("what is there again is new, and its own old lines are not shown beside it") {
  MadeUpHost host(Net{.interfaces = {"*"}, .ignore_protocol_stats = true});
  Instance eth0 = host.name({"eth0"});
  host.say<Netdev>({{Netdev::receive_bytes, 5}}, kHost, eth0);
  host.tick(0);
  host.drop(eth0);
  host.tick(10);
  CHECK(host.shows(R"(net_bytes_recv{interface="eth0"} 5)"));
  eth0 = host.name({"eth0"});
  host.say<Netdev>({{Netdev::receive_bytes, 1}}, kHost, eth0);
  host.tick(20);
  CHECK(host.lines("net_bytes") == Lines{R"(net_bytes_recv{interface="eth0"} 1)"});
}

TEST_CASE("before the first tick, and without inputs, nothing is shown") {
  store::Snapshot snapshot;
  const std::vector<store::Family> none;
  snapshot.families = &none;
  const Telegraf contract{Options{}};
  CHECK(contract.shown(snapshot, {}).view == nullptr);
  MadeUpHost host(Options{});
  host.tick(0);
  CHECK(host.text().empty());
}

TEST_CASE("the agent's own process and health are shown, or without the process") {
  const auto names = [](bool process) {
    MadeUpHost host(Options{.process_collector = process});
    host.tick(0);
    std::set<std::string_view> all;
    for (const std::size_t family : host.contract().shown(host.snapshot(), {}).families)
      all.insert((*host.snapshot().families)[family].metric->name);
    return all;
  };
  CHECK(names(true).contains("process_cpu_seconds_total"));
  for (const char* name :
       {"hostmeter_reader_mode", "hostmeter_script_runs_total", "hostmeter_script_sandbox",
        "hostmeter_driver_overdue", "hostmeter_bpf_dropped_total"})
    CHECK(names(true).contains(name));
  CHECK_FALSE(names(true).contains("node_load1"));
  CHECK_FALSE(names(false).contains("process_cpu_seconds_total"));
}
