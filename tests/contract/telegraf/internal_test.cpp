#include <doctest/doctest.h>

#include "hostmeter/flow/facts/agent.hpp"
#include "hostmeter/flow/facts/loadavg.hpp"
#include "hostmeter/flow/facts/script.hpp"
#include "hostmeter/flow/facts/tick.hpp"
#include "made_up_host.hpp"

using namespace hostmeter;
using namespace hostmeter::contract::telegraf;

namespace {

Options options() {
  Options made;
  made.inputs.push_back({.plugin = System{}});
  made.inputs.push_back({.plugin = System{}, .renaming = {.name_prefix = "b_"}});
  made.inputs.push_back({.plugin = Exec{.printers = {"script:check"}}});
  Internal internal{.of = {{.input = "system", .inputs = {0, 1}, .readers = {"loadavg", "gone"}},
                           {.input = "exec", .alias = "jobs", .inputs = {2}, .scripts = {"check"}}},
                    .output_alias = "out"};
  made.inputs.push_back({.plugin = std::move(internal)});
  return made;
}

void read(MadeUpHost& host, Instance reader, std::uint64_t busy_ns, std::uint64_t errors) {
  host.say<ReaderField>({{ReaderField::busy_ns, busy_ns},
                         {ReaderField::parse_errors, errors},
                         {ReaderField::read_errors, 1}},
                        kHost, reader);
}

}  // namespace

TEST_CASE("internal: what was gathered, by whom, in which time and with which errors") {
  MadeUpHost host(options());
  host.say<Loadavg>({{Loadavg::one_minute, std::bit_cast<std::uint64_t>(1.0)}});
  const Instance loadavg = host.name({"loadavg"}), script = host.name({"check"});
  read(host, loadavg, 1'000, 2);
  host.say<ScriptField>({{ScriptField::ok, 5}, {ScriptField::timeout, 3}, {ScriptField::exit, 4}},
                        kHost, script);
  host.print("script:check", {{.name = "up", .series = {{"up", "", 1}}}});
  host.tick(0);
  CHECK(host.shows(R"(internal_gather_errors{input="system"} 3)"));
  CHECK(host.shows(R"(internal_gather_errors{alias="jobs",input="exec"} 7)"));
  CHECK(host.shows(R"(internal_gather_gather_timeouts{alias="jobs",input="exec"} 3)"));
  CHECK(host.shows(R"(internal_gather_metrics_gathered{input="system"} 2)"));
  CHECK(host.shows(R"(internal_gather_metrics_gathered{alias="jobs",input="exec"} 1)"));
  CHECK(host.shows("internal_agent_metrics_gathered 3"));
  CHECK(host.shows("internal_agent_gather_errors 10"));
  CHECK(host.shows(R"(internal_write_metrics_written{alias="out",output="prometheus_client"} 3)"));
  CHECK(host.lines("internal_gather_gather_time_ns").empty());
  // Two inputs of that name were gathered since.
  read(host, loadavg, 5'000, 2);
  host.tick(10);
  CHECK(host.shows(R"(internal_gather_gather_time_ns{input="system"} 2000)"));
  CHECK(host.shows(R"(internal_gather_metrics_gathered{input="system"} 4)"));
  CHECK(host.shows(R"(internal_gather_metrics_gathered{alias="jobs",input="exec"} 1)"));
}

TEST_CASE("internal: what nobody measures is absent") {
  Options made;
  made.inputs.push_back({.plugin = Internal{.of = {{.input = "mem", .readers = {"meminfo"}}}}});
  MadeUpHost host(std::move(made));
  host.tick(0);
  CHECK(host.lines().empty());
}
