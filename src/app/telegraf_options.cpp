#include "app/telegraf_options.hpp"

#include <optional>

#include "app/telegraf_internal.hpp"
#include "base/word_list.hpp"
#include "config/telegraf/docker_input.hpp"
#include "contract/telegraf/tags.hpp"

namespace hostmeter::app {
namespace {

namespace from = config::telegraf;
namespace to = contract::telegraf;
using base::has;

std::vector<to::TagRule> rules_of(const std::vector<from::TagFilter>& filters) {
  std::vector<to::TagRule> rules;
  rules.reserve(filters.size());
  for (const from::TagFilter& filter : filters) rules.push_back({filter.tag, filter.globs});
  return rules;
}

to::Rules rules_of(const from::Filters& filters) {
  return {.namepass = filters.namepass,
          .namedrop = filters.namedrop,
          .fieldinclude = filters.fieldinclude,
          .fieldexclude = filters.fieldexclude,
          .taginclude = filters.taginclude,
          .tagexclude = filters.tagexclude,
          .tagpass = rules_of(filters.tagpass),
          .tagdrop = rules_of(filters.tagdrop),
          .namepass_separator = filters.namepass_separator,
          .namedrop_separator = filters.namedrop_separator};
}

template <class Named>
to::Renaming renaming_of(const Named& named) {
  return {.name_override = named.name_override,
          .name_prefix = named.name_prefix,
          .name_suffix = named.name_suffix};
}

to::Timing timing_of(const from::Agent& agent, const from::Common& input) {
  return {.interval_ns = input.interval_ns.value_or(agent.interval_ns),
          .rounded = agent.round_interval,
          .jitter_ns = input.collection_jitter_ns.value_or(agent.collection_jitter_ns),
          .offset_ns = input.collection_offset_ns.value_or(agent.collection_offset_ns)};
}

to::Docker docker_of(const from::Docker& docker) {
  to::Docker made;
  made.container_name_include = docker.container_name_include;
  made.container_name_exclude = docker.container_name_exclude;
  made.container_state_include = docker.container_state_include;
  made.container_state_exclude = docker.container_state_exclude;
  made.docker_label_include = docker.docker_label_include;
  made.docker_label_exclude = docker.docker_label_exclude;
  made.tag_env = docker.tag_env;
  made.gather_services = docker.gather_services;
  made.source_tag = docker.source_tag;
  made.perdevice_include = docker.perdevice_include;
  made.total_include = docker.total_include;
  made.storage_objects = docker.storage_objects;
  made.runtime = from::runtime_of(docker);
  return made;
}

to::Exec exec_of(const from::Exec& exec) {
  to::Exec made;
  for (const from::Command& command : exec.commands)
    made.printers.push_back("script:" + command.name);
  made.metrics_are_measurements = exec.prometheus_metric_version == 1;
  return made;
}

// Nothing for what the contract does not have: that is said when the file is read.
struct PluginOf {
  using Made = std::optional<to::Plugin>;
  Made operator()(const from::Conntrack& conntrack) const {
    // Of old and new kernels, which have one of them.
    const auto wants = [&](const char* old_name, const char* name) {
      return conntrack.files.empty() || has(conntrack.files, old_name) ||
             has(conntrack.files, name);
    };
    return to::Conntrack{.count = wants("ip_conntrack_count", "nf_conntrack_count"),
                         .max = wants("ip_conntrack_max", "nf_conntrack_max"),
                         .all = has(conntrack.collect, "all"),
                         .percpu = has(conntrack.collect, "percpu")};
  }
  Made operator()(const from::Cpu& cpu) const {
    return to::Cpu{cpu.percpu, cpu.totalcpu, cpu.collect_cpu_time, cpu.report_active,
                   cpu.core_tags};
  }
  Made operator()(const from::Disk& disk) const {
    return to::Disk{disk.mount_points, disk.ignore_fs, disk.ignore_mount_opts};
  }
  Made operator()(const from::DiskIo& io) const {
    return to::DiskIo{io.devices, io.skip_serial_number};
  }
  Made operator()(const from::Docker& docker) const { return docker_of(docker); }
  Made operator()(const from::Exec& exec) const { return exec_of(exec); }
  Made operator()(const from::Internal&) const { return to::Internal{}; }
  Made operator()(const from::Interrupts& interrupts) const {
    return to::Interrupts{interrupts.cpu_as_tag};
  }
  Made operator()(const from::Kernel& kernel) const {
    return to::Kernel{.psi = has(kernel.collect, "psi"), .ksm = has(kernel.collect, "ksm")};
  }
  Made operator()(const from::KernelVmstat&) const { return to::Vmstat{}; }
  Made operator()(const from::LinuxSysctlFs&) const { return to::SysctlFs{}; }
  Made operator()(const from::Mem& mem) const { return to::Mem{mem.collect_extended}; }
  Made operator()(const from::Net& net) const {
    return to::Net{net.interfaces, net.ignore_protocol_stats};
  }
  Made operator()(const from::Netstat&) const { return to::Netstat{}; }
  Made operator()(const from::Nstat& nstat) const { return to::Nstat{nstat.dump_zeros}; }
  Made operator()(const from::Processes&) const { return to::Processes{}; }
  Made operator()(const from::Swap&) const { return to::Swap{}; }
  Made operator()(const from::System& system) const {
    const std::vector<std::string>& include = system.include;
    return to::System{.load = has(include, "load"),
                      .users = has(include, "users"),
                      .cpus = has(include, "cpus"),
                      .legacy_cpus = has(include, "legacy_cpus"),
                      .uptime = has(include, "uptime"),
                      .legacy_uptime = has(include, "legacy_uptime")};
  }
};

}  // namespace

to::Options telegraf_options(const from::Settings& settings, const from::PrometheusClient& output,
                             const std::string& host) {
  to::Options options;
  options.metric_version = output.metric_version;
  options.string_as_label = output.string_as_label;
  options.expiration_ns = output.expiration_interval_ns;
  options.process_collector = !has(output.collectors_exclude, "process");
  options.global_tags = settings.global_tags;
  if (!settings.agent.omit_hostname)
    to::set(options.global_tags, "host",
            settings.agent.hostname.empty() ? host : settings.agent.hostname);
  options.output_rules = rules_of(output.filters);
  options.renaming = renaming_of(output);
  options.always_local_tags = settings.agent.always_include_local_tags;
  options.always_global_tags = settings.agent.always_include_global_tags;
  std::vector<const from::Input*> made_of;
  for (const from::Input& input : settings.inputs) {
    auto plugin = std::visit(PluginOf{}, input.plugin);
    if (!plugin) continue;
    made_of.push_back(&input);
    options.inputs.push_back({.plugin = std::move(*plugin),
                              .timing = timing_of(settings.agent, input.common),
                              .renaming = renaming_of(input.common),
                              .tags = input.common.tags,
                              .rules = rules_of(input.filters)});
  }
  for (to::Input& input : options.inputs)
    if (auto* internal = std::get_if<to::Internal>(&input.plugin))
      *internal = {.of = told_of(made_of), .output_alias = output.alias};
  return options;
}

}  // namespace hostmeter::app
