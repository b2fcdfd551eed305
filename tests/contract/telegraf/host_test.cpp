#include <doctest/doctest.h>

#include "hostmeter/flow/facts/cpu.hpp"
#include "hostmeter/flow/facts/cpu_info.hpp"
#include "hostmeter/flow/facts/entropy.hpp"
#include "hostmeter/flow/facts/filefd.hpp"
#include "hostmeter/flow/facts/loadavg.hpp"
#include "hostmeter/flow/facts/meminfo.hpp"
#include "hostmeter/flow/facts/pressure.hpp"
#include "hostmeter/flow/facts/processes.hpp"
#include "hostmeter/flow/facts/stat.hpp"
#include "hostmeter/flow/facts/users.hpp"
#include "hostmeter/flow/facts/vmstat.hpp"
#include "made_up_host.hpp"

using namespace hostmeter;
using namespace hostmeter::contract::telegraf;

TEST_CASE("system: load, processors and uptime, with Telegraf's types") {
  MadeUpHost host(System{});
  Facts<Loadavg> load;
  load.set_real(Loadavg::one_minute, 0.25);
  load.set_real(Loadavg::five_minutes, 0.5);
  load.set_real(Loadavg::fifteen_minutes, 1.0);
  host.say(load);
  host.say<Stat>({{Stat::boot_time_ns, (MadeUpHost::kStart - 100) * kSecond + kSecond / 2}});
  for (const char* cpu : {"0", "1"})
    host.say<hostmeter::Cpu>({{hostmeter::Cpu::idle, 1}}, kHost, host.name({cpu}));
  host.tick(0);
  CHECK(host.text() ==
        "# HELP system_load1 Telegraf collected metric\n# TYPE system_load1 gauge\n"
        "system_load1 0.25\n"
        "# HELP system_load15 Telegraf collected metric\n# TYPE system_load15 gauge\n"
        "system_load15 1\n"
        "# HELP system_load5 Telegraf collected metric\n# TYPE system_load5 gauge\n"
        "system_load5 0.5\n"
        "# HELP system_n_cpus Telegraf collected metric\n# TYPE system_n_cpus gauge\n"
        "system_n_cpus 2\n"
        "# HELP system_uptime Telegraf collected metric\n# TYPE system_uptime counter\n"
        "system_uptime 99\n");
}

TEST_CASE("system: only what is included, and under the names that go with that") {
  struct Shown {
    Lines lines;
    std::string text;
  };
  const auto shown = [](const System& options) {
    MadeUpHost host(options);
    Facts<Loadavg> load;
    load.set_real(Loadavg::one_minute, 0.25);
    host.say(load);
    host.say<Stat>({{Stat::boot_time_ns, (MadeUpHost::kStart - 100) * kSecond}});
    host.say<hostmeter::Cpu>({{hostmeter::Cpu::idle, 1}}, kHost, host.name({"0"}));
    host.say<CpuInfo>({{CpuInfo::info, 1}}, kHost,
                      host.name({"", "0", "0", "", "", "", "", "0", "", ""}));
    host.say<Users>({{Users::sessions, 3}});
    host.tick(0);
    return Shown{host.lines(), host.text()};
  };
  constexpr System kNone{.load = false,
                         .users = false,
                         .cpus = false,
                         .legacy_cpus = false,
                         .uptime = false,
                         .legacy_uptime = false};
  CHECK(shown(kNone).lines.empty());
  System one = kNone;
  one.load = true;
  CHECK(shown(one).lines == Lines{"system_load1 0.25"});
  one = kNone;
  one.users = true;
  CHECK(shown(one).lines == Lines{"system_n_users 3"});
  one = kNone;
  one.legacy_cpus = true;
  CHECK(shown(one).lines == Lines{"system_n_cpus 1", "system_n_physical_cpus 1"});
  one = kNone;
  one.cpus = true;
  CHECK(shown(one).lines == Lines{"system_n_virtual_cpus 1", "system_n_physical_cpus 1"});
  one = kNone;
  one.uptime = true;
  CHECK(shown(one).text.find("# TYPE system_uptime gauge\nsystem_uptime 100\n") !=
        std::string::npos);
  one = kNone;
  one.legacy_uptime = true;
  CHECK(shown(one).text.find("# TYPE system_uptime counter\nsystem_uptime 100\n") !=
        std::string::npos);
}

TEST_CASE("system: who is logged in, where utmp says so and it is asked for") {
  for (const bool asked : {true, false}) {
    MadeUpHost host(System{.users = asked});
    host.say<Users>({{Users::sessions, 3}, {Users::names, 2}});
    host.tick(0);
    CHECK(host.shows("system_n_users 3") == asked);
    CHECK(host.shows("system_n_unique_users 2") == asked);
  }
  MadeUpHost without(System{});
  without.tick(0);
  CHECK(without.lines("system_n_u").empty());
}

TEST_CASE("mem: what meminfo says, and what is made of it") {
  MadeUpHost host(Mem{});
  host.say<Meminfo>({{Meminfo::mem_total, 1'000},
                     {Meminfo::mem_available, 250},
                     {Meminfo::cached, 100},
                     {Meminfo::s_reclaimable, 20},
                     {Meminfo::active_anon, 7},
                     {Meminfo::vmalloc_used, 5}});
  host.tick(0);
  CHECK(host.lines() == Lines{"mem_total 1000", "mem_available 250", "mem_used 750",
                              "mem_used_percent 75", "mem_available_percent 25", "mem_cached 120",
                              "mem_sreclaimable 20", "mem_vmalloc_used 5", "mem_high_free 0",
                              "mem_high_total 0", "mem_low_free 0", "mem_low_total 0"});
}

TEST_CASE("mem: more of it where it is asked for") {
  MadeUpHost host(Mem{.collect_extended = true});
  host.say<Meminfo>({{Meminfo::active_anon, 7}, {Meminfo::percpu, 8}});
  host.tick(0);
  CHECK(host.lines("mem_active") == Lines{"mem_active_anon 7"});
  CHECK(host.shows("mem_percpu 8"));
  CHECK(host.lines("mem_used").empty());  // nothing to make it of
}

TEST_CASE("swap: without any, 0 percent of it is used") {
  MadeUpHost host(Swap{});
  host.say<Meminfo>({{Meminfo::swap_total, 0}, {Meminfo::swap_free, 0}});
  host.say<hostmeter::Vmstat>({{hostmeter::Vmstat::pswpin, 2}, {hostmeter::Vmstat::pswpout, 3}});
  host.tick(0);
  CHECK(host.lines() == Lines{"swap_total 0", "swap_used 0", "swap_free 0", "swap_used_percent 0",
                              "swap_in 8192", "swap_out 12288"});
}

TEST_CASE("kernel: counters of the whole host, and pressure where it is asked for") {
  MadeUpHost host(Kernel{.psi = true});
  host.say<Stat>({{Stat::interrupts, 5},
                  {Stat::context_switches, 6},
                  {Stat::forks, 7},
                  {Stat::boot_time_ns, 1'600'000'000 * kSecond}});
  host.say<Entropy>({{Entropy::available, 256}});
  host.say<Pressure>({{Pressure::memory_full, 3'000'000}});
  host.tick(0);
  CHECK(host.lines("kernel") == Lines{"kernel_interrupts 5", "kernel_context_switches 6",
                                      "kernel_processes_forked 7", "kernel_boot_time 1600000000",
                                      "kernel_entropy_avail 256"});
  CHECK(host.lines("pressure") == Lines{R"(pressure_total{resource="memory",type="full"} 3000)"});
}

TEST_CASE("processes: by state, with those that are traced among the stopped ones") {
  using Counted = hostmeter::Processes;
  MadeUpHost host(contract::telegraf::Processes{});
  Facts<Counted> counts;
  for (const Counted field :
       {Counted::running, Counted::sleeping, Counted::blocked, Counted::stopped, Counted::traced,
        Counted::zombies, Counted::dead, Counted::paging, Counted::idle, Counted::unknown,
        Counted::total, Counted::threads})
    counts.set(field, 1 + std::uint64_t(field));
  counts.set(Counted::parked, 0);
  host.say(counts);
  host.tick(0);
  CHECK(host.lines() == Lines{"processes_running 1", "processes_sleeping 2", "processes_blocked 3",
                              "processes_stopped 9", "processes_zombies 6", "processes_dead 7",
                              "processes_paging 8", "processes_idle 10", "processes_unknown 11",
                              "processes_total 12", "processes_total_threads 13"});
  counts.set(Counted::parked, 3);
  host.say(counts);
  host.tick(15);
  CHECK(host.shows("processes_parked 3"));
}
