// What the telegraf contract is asked for: a telegraf.conf, as far as it says what is served.
#pragma once
#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "contract/telegraf/tags.hpp"

namespace hostmeter::contract::telegraf {

using Globs = std::vector<std::string>;  // as Telegraf's: *, ?, [a-z], {a,b}

struct TagRule {
  std::string tag;
  Globs values;
};

// Telegraf's metric filtering. An empty list is no rule.
struct Rules {
  Globs namepass{}, namedrop{}, fieldinclude{}, fieldexclude{}, taginclude{}, tagexclude{};
  std::vector<TagRule> tagpass{}, tagdrop{};
  std::string namepass_separator{}, namedrop_separator{};  // characters
};

// What a measurement is called instead.
struct Renaming {
  std::string name_override{}, name_prefix{}, name_suffix{};
};

struct Timing {
  std::uint64_t interval_ns = 10'000'000'000;
  bool rounded = true;  // round_interval: to multiples of the interval
  std::uint64_t jitter_ns = 0, offset_ns = 0;
};

struct System {
  bool load = true, users = true;
  bool cpus = false, legacy_cpus = true;      // under their new name, and under their old one
  bool uptime = false, legacy_uptime = true;  // as a gauge, and as a counter
};
struct Cpu {
  bool percpu = true, totalcpu = true, collect_cpu_time = false, report_active = false,
       core_tags = false;
};
struct Mem {
  bool collect_extended = false;
};
struct Swap {};
struct Disk {
  Globs mount_points{}, ignore_fs{}, ignore_mount_opts{};
};
struct DiskIo {
  Globs devices{};
  bool skip_serial_number = true;
};
struct Net {
  Globs interfaces{};
  bool ignore_protocol_stats = false;
};
struct Kernel {
  bool psi = false, ksm = false;
};
// What this contract and those who measure for it do.
struct Internal {
  // Of one input, or of several of one name and alias.
  struct Of {
    std::string input, alias{};
    std::vector<std::size_t> inputs{};  // places in Options::inputs
    std::vector<std::string> readers{}, scripts{};
  };
  std::vector<Of> of{};
  std::string output_alias{};
};
struct Processes {};
struct Interrupts {
  bool cpu_as_tag = false;
};
struct Docker {
  Globs container_name_include{}, container_name_exclude{};
  Globs container_state_include{}, container_state_exclude{};  // both empty: running
  Globs docker_label_include{}, docker_label_exclude{};
  std::vector<std::string> tag_env{};  // variables of containers' environments
  bool gather_services = false;
  bool source_tag = false;
  std::vector<std::string> perdevice_include{"cpu"}, total_include{"cpu", "blkio", "network"};
  std::vector<std::string> storage_objects{};
  std::string runtime = "docker";  // whose engine it is: docker, podman
};
struct Exec {
  std::vector<std::string> printers{};  // the names under which its commands print
  // prometheus_metric_version: to the first parser of Prometheus's text a metric is a measurement,
  // to the second a field of one.
  bool metrics_are_measurements = false;
};
struct Conntrack {
  bool count = true, max = true;
  bool all = false, percpu = false;  // what CPUs counted, together and each
};
struct Netstat {};
struct Nstat {
  bool dump_zeros = false;
};
struct SysctlFs {};
struct Vmstat {};
using Plugin =
    std::variant<System, Cpu, Mem, Swap, Disk, DiskIo, Net, Kernel, Processes, Docker, Exec,
                 Internal, Conntrack, Interrupts, Netstat, Nstat, SysctlFs, Vmstat>;

struct Input {
  Plugin plugin;
  Timing timing{};
  Renaming renaming{};
  Tags tags{};
  Rules rules{};
};

struct Options {
  unsigned metric_version = 1;                   // 1 or 2
  bool string_as_label = true;                   // fields that are strings, as labels
  std::uint64_t expiration_ns = 60'000'000'000;  // 0: never
  bool process_collector = true;                 // process_* of the agent itself
  Tags global_tags{};                            // host among them
  // Whether an input's tags, and the global ones, are there again where its rules took them out.
  bool always_local_tags = false, always_global_tags = false;
  Renaming renaming{};  // of what inputs called already
  Rules output_rules{};
  std::vector<Input> inputs{};
};

}  // namespace hostmeter::contract::telegraf
