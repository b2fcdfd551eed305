#include "hostmeter/flow/facts/interrupts.hpp"

#include <doctest/doctest.h>

#include "made_up_host.hpp"

using namespace hostmeter;
using namespace hostmeter::contract::telegraf;
using Hard = hostmeter::Interrupts;

namespace {

void say_all(MadeUpHost& host) {
  const auto hard = [&](std::vector<std::string> labels, std::uint64_t count) {
    host.say<Hard>({{Hard::handled, count}}, kHost, host.name(std::move(labels)));
  };
  hard({"0", "24", "IO-APIC", "5-edge timer"}, 1);
  hard({"1", "24", "IO-APIC", "5-edge timer"}, 7);
  hard({"0", "NMI", "Non-maskable interrupts", ""}, 2);
  hard({"", "ERR", "", ""}, 4);
  host.say<Softirq>({{Softirq::handled, 5}}, kHost, host.name({"0", "NET_RX"}));
}

}  // namespace

TEST_CASE("interrupts: a field for each processor, and their sum") {
  MadeUpHost host(contract::telegraf::Interrupts{});
  say_all(host);
  host.tick(0);
  CHECK(host.lines() ==
        Lines{"interrupts_CPU0{device=\"5-edge timer\",irq=\"24\",type=\"IO-APIC\"} 1",
              "interrupts_CPU1{device=\"5-edge timer\",irq=\"24\",type=\"IO-APIC\"} 7",
              "interrupts_total{device=\"5-edge timer\",irq=\"24\",type=\"IO-APIC\"} 8",
              "interrupts_CPU0{irq=\"NMI\",type=\"Non-maskable interrupts\"} 2",
              "interrupts_total{irq=\"NMI\",type=\"Non-maskable interrupts\"} 2",
              "interrupts_total{irq=\"ERR\"} 4", "soft_interrupts_CPU0{irq=\"NET_RX\"} 5",
              "soft_interrupts_total{irq=\"NET_RX\"} 5"});
}

TEST_CASE("interrupts: processors as labels") {
  MadeUpHost host(contract::telegraf::Interrupts{.cpu_as_tag = true});
  say_all(host);
  host.tick(0);
  CHECK(
      host.lines() ==
      Lines{"interrupts_count{cpu=\"cpu0\",device=\"5-edge timer\",irq=\"24\",type=\"IO-APIC\"} 1",
            "interrupts_count{cpu=\"cpu1\",device=\"5-edge timer\",irq=\"24\",type=\"IO-APIC\"} 7",
            "interrupts_count{cpu=\"cpu0\",irq=\"NMI\",type=\"Non-maskable interrupts\"} 2",
            "interrupts_count{irq=\"ERR\"} 4",
            "soft_interrupts_count{cpu=\"cpu0\",irq=\"NET_RX\"} 5"});
}
