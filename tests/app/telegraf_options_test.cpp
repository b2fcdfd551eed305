#include "app/telegraf_options.hpp"

#include <doctest/doctest.h>

using namespace hostmeter;
namespace from = config::telegraf;
namespace to = contract::telegraf;

namespace {

from::Input input(from::Plugin plugin) {
  from::Input made;
  made.plugin = std::move(plugin);
  return made;
}

template <class T, class Plugin>
T made_of(Plugin plugin) {
  from::Settings settings;
  settings.inputs.push_back(input(std::move(plugin)));
  return std::get<T>(app::telegraf_options(settings, {}, "h").inputs.at(0).plugin);
}

}  // namespace

TEST_CASE("what an output says") {
  from::PrometheusClient output;
  output.metric_version = 2;
  output.string_as_label = false;
  output.expiration_interval_ns = 7;
  output.collectors_exclude = {"process"};
  output.filters.namepass = {"cpu*"};
  output.filters.namepass_separator = ".";
  output.filters.namedrop_separator = "/";
  output.name_override = "o";
  output.name_prefix = "p";
  output.name_suffix = "s";
  from::Settings settings;
  settings.agent.always_include_local_tags = true;
  const to::Options options = app::telegraf_options(settings, output, "h");
  CHECK(options.always_local_tags);
  CHECK_FALSE(options.always_global_tags);
  settings.agent.always_include_local_tags = false;
  settings.agent.always_include_global_tags = true;
  CHECK_FALSE(app::telegraf_options(settings, {}, "h").always_local_tags);
  CHECK(app::telegraf_options(settings, {}, "h").always_global_tags);
  CHECK(options.renaming.name_override == "o");
  CHECK(options.renaming.name_prefix == "p");
  CHECK(options.renaming.name_suffix == "s");
  CHECK(options.output_rules.namepass_separator == ".");
  CHECK(options.output_rules.namedrop_separator == "/");
  CHECK(options.metric_version == 2);
  CHECK_FALSE(options.string_as_label);
  CHECK(options.expiration_ns == 7);
  CHECK_FALSE(options.process_collector);
  CHECK(options.output_rules.namepass == to::Globs{"cpu*"});
  CHECK(app::telegraf_options({}, {}, "h").process_collector);
}

TEST_CASE("the host is a tag, unless it is left out, and not twice") {
  from::Settings settings;
  settings.global_tags = {{"dc", "a"}, {"host", "b"}};
  CHECK(app::telegraf_options(settings, {}, "h").global_tags ==
        to::Tags{{"dc", "a"}, {"host", "h"}});
  settings.agent.hostname = "named";
  CHECK(app::telegraf_options(settings, {}, "h").global_tags[1].second == "named");
  settings.agent.omit_hostname = true;
  CHECK(app::telegraf_options(settings, {}, "h").global_tags[1].second == "b");
}

TEST_CASE("an input has its own timing, or the agent's") {
  from::Settings settings;
  settings.agent.interval_ns = 15;
  settings.agent.round_interval = false;
  settings.agent.collection_jitter_ns = 1;
  settings.inputs = {input(from::Swap{}), input(from::Swap{})};
  settings.inputs[1].common.interval_ns = 30;
  settings.inputs[1].common.collection_offset_ns = 2;
  settings.inputs[1].common.name_prefix = "p_";
  settings.inputs[1].common.tags = {{"a", "b"}};
  settings.inputs[1].filters.tagdrop = {{"c", {"d"}}};
  const auto inputs = app::telegraf_options(settings, {}, "h").inputs;
  REQUIRE(inputs.size() == 2);
  CHECK(inputs[0].timing.interval_ns == 15);
  CHECK_FALSE(inputs[0].timing.rounded);
  CHECK(inputs[0].timing.jitter_ns == 1);
  CHECK(inputs[1].timing.interval_ns == 30);
  CHECK(inputs[1].timing.jitter_ns == 1);
  CHECK(inputs[1].timing.offset_ns == 2);
  CHECK(inputs[1].renaming.name_prefix == "p_");
  CHECK(inputs[1].tags == to::Tags{{"a", "b"}});
  REQUIRE(inputs[1].rules.tagdrop.size() == 1);
  CHECK(inputs[1].rules.tagdrop[0].tag == "c");
  CHECK(inputs[1].rules.tagdrop[0].values == to::Globs{"d"});
}

TEST_CASE("each plugin's own options arrive where they belong") {
  const auto cpu = made_of<to::Cpu>(from::Cpu{false, true, false, true, true});
  CHECK_FALSE(cpu.percpu);
  CHECK(cpu.totalcpu);
  CHECK_FALSE(cpu.collect_cpu_time);
  CHECK(cpu.report_active);
  CHECK(cpu.core_tags);
  CHECK(made_of<to::Disk>(from::Disk{{"/"}, {"tmpfs"}, {"ro"}}).ignore_fs == to::Globs{"tmpfs"});
  CHECK_FALSE(made_of<to::DiskIo>(from::DiskIo{{"sd*"}, false}).skip_serial_number);
  CHECK(made_of<to::Net>(from::Net{{"eth*"}, true}).ignore_protocol_stats);
  CHECK(made_of<to::Kernel>(from::Kernel{{"psi"}}).psi);
  CHECK_FALSE(made_of<to::Kernel>(from::Kernel{{"psi"}}).ksm);
  CHECK(made_of<to::Kernel>(from::Kernel{{"ksm"}}).ksm);
  CHECK(made_of<to::Conntrack>(from::Conntrack{{}, {}, {"all"}}).all);
  CHECK_FALSE(made_of<to::Conntrack>(from::Conntrack{{}, {}, {"all"}}).percpu);
  CHECK(made_of<to::Conntrack>(from::Conntrack{{}, {}, {"percpu"}}).percpu);
  CHECK(made_of<to::Conntrack>(from::Conntrack{}).count);
  CHECK(made_of<to::Conntrack>(from::Conntrack{}).max);
  CHECK(made_of<to::Conntrack>(from::Conntrack{{"nf_conntrack_count"}, {}, {}}).count);
  CHECK_FALSE(made_of<to::Conntrack>(from::Conntrack{{"nf_conntrack_count"}, {}, {}}).max);
  CHECK(made_of<to::Conntrack>(from::Conntrack{{"ip_conntrack_max"}, {}, {}}).max);
  CHECK(made_of<to::Mem>(from::Mem{true}).collect_extended);
  CHECK(made_of<to::Nstat>(from::Nstat{true}).dump_zeros);
  from::Docker docker;
  docker.endpoint = "/run/podman/podman.sock";
  docker.total_include = {"cpu"};
  docker.storage_objects = {"volume"};
  docker.source_tag = true;
  CHECK(made_of<to::Docker>(docker).runtime == "podman");
  CHECK(made_of<to::Docker>(docker).total_include == std::vector<std::string>{"cpu"});
  CHECK(made_of<to::Docker>(docker).storage_objects == std::vector<std::string>{"volume"});
  CHECK(made_of<to::Docker>(docker).source_tag);
  CHECK(made_of<to::Docker>(from::Docker{}).runtime == "docker");
}

TEST_CASE("commands print under their names, and the contract names what they print") {
  from::Exec exec;
  exec.format = from::DataFormat::prometheus;
  exec.commands = {{{}, {"/a"}, "a"}, {{}, {"/b"}, "b"}};
  CHECK(made_of<to::Exec>(exec).printers == std::vector<std::string>{"script:a", "script:b"});
  CHECK_FALSE(made_of<to::Exec>(exec).metrics_are_measurements);
  exec.prometheus_metric_version = 1;
  CHECK(made_of<to::Exec>(exec).metrics_are_measurements);
  exec.format = from::DataFormat::json;
  from::Settings settings;
  settings.inputs = {input(exec)};
  settings.inputs[0].common.name_suffix = "_x";
  CHECK(app::telegraf_options(settings, {}, "h").inputs.at(0).renaming.name_suffix == "_x");
}

TEST_CASE("internal is told of all inputs that are served, by their places") {
  from::Settings settings;
  settings.inputs = {input(from::Interrupts{}), input(from::Internal{}), input(from::Swap{})};
  settings.inputs[1].name = "internal";
  settings.inputs[2].name = "swap";
  from::PrometheusClient output;
  output.alias = "out";
  const auto inputs = app::telegraf_options(settings, output, "h").inputs;
  for (const to::Input& one : inputs) {
    const auto* internal = std::get_if<to::Internal>(&one.plugin);
    if (!internal) continue;
    CHECK(internal->output_alias == "out");
    REQUIRE_FALSE(internal->of.empty());
    CHECK(internal->of.back().input == "swap");
    CHECK(internal->of.back().inputs == std::vector<std::size_t>{inputs.size() - 1});
    return;
  }
  FAIL("internal is not served");
}

TEST_CASE("options of what is read for one input alone") {
  from::Settings settings;
  from::System system;
  system.include = {"load"};
  settings.inputs = {input(system), input(from::System{}),
                     input(from::Interrupts{.cpu_as_tag = true})};
  const auto inputs = app::telegraf_options(settings, {}, "h").inputs;
  REQUIRE(inputs.size() == 3);
  CHECK_FALSE(std::get<to::System>(inputs[0].plugin).users);
  CHECK(std::get<to::System>(inputs[0].plugin).load);
  CHECK_FALSE(std::get<to::System>(inputs[0].plugin).legacy_cpus);
  CHECK_FALSE(std::get<to::System>(inputs[0].plugin).legacy_uptime);
  CHECK(std::get<to::System>(inputs[1].plugin).legacy_cpus);
  CHECK(std::get<to::System>(inputs[1].plugin).legacy_uptime);
  CHECK_FALSE(std::get<to::System>(inputs[1].plugin).cpus);
  CHECK_FALSE(std::get<to::System>(inputs[1].plugin).uptime);
  CHECK(std::get<to::System>(inputs[1].plugin).users);
  CHECK(std::get<to::Interrupts>(inputs[2].plugin).cpu_as_tag);
}
