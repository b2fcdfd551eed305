// A telegraf.conf as plain typed values, with Telegraf's defaults and the line of all that is
// written.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "config/address.hpp"

namespace hostmeter::config::telegraf {

// Where something is written.
struct Place {
  std::uint32_t file = 0;  // of Settings::files
  std::uint32_t line = 0;  // from 1; 0 when it is about the whole file
  friend bool operator==(const Place&, const Place&) = default;
};

struct Origin {
  Place table;
  std::vector<std::pair<std::string, Place>> options;  // those that are written and taken
  friend bool operator==(const Origin&, const Origin&) = default;
};

using Tags = std::vector<std::pair<std::string, std::string>>;  // sorted by name

struct TagFilter {
  std::string tag;
  std::vector<std::string> globs;  // of its values
  friend bool operator==(const TagFilter&, const TagFilter&) = default;
};

// Which metrics pass, and what of them. Globs are Telegraf's: *, ?, [a-z], [!a], {a,b}.
struct Filters {
  std::vector<std::string> namepass, namedrop;  // of measurements
  std::vector<TagFilter> tagpass, tagdrop;      // one that matches is enough
  std::vector<std::string> fieldinclude, fieldexclude;
  std::vector<std::string> taginclude, tagexclude;
  std::string namepass_separator, namedrop_separator;  // characters that * stops at
  friend bool operator==(const Filters&, const Filters&) = default;
};

struct Agent {
  Origin origin;
  std::uint64_t interval_ns = 10'000'000'000;
  bool round_interval = true;
  std::uint64_t collection_jitter_ns = 0;
  std::uint64_t collection_offset_ns = 0;
  bool debug = false;
  bool quiet = false;
  std::string hostname;  // empty: the host's own
  bool omit_hostname = false;
  // Tags of inputs, and global ones, are there in spite of taginclude and tagexclude.
  bool always_include_local_tags = false, always_include_global_tags = false;
  friend bool operator==(const Agent&, const Agent&) = default;
};

// What every input has.
struct Common {
  std::string alias;
  std::optional<std::uint64_t> interval_ns;
  std::optional<std::uint64_t> collection_jitter_ns, collection_offset_ns;
  std::string name_override, name_prefix, name_suffix;
  Tags tags;
  friend bool operator==(const Common&, const Common&) = default;
};

struct Conntrack {
  std::vector<std::string> files, dirs;  // empty: the kernel's own
  std::vector<std::string> collect;
  friend bool operator==(const Conntrack&, const Conntrack&) = default;
};

struct Cpu {
  bool percpu = true, totalcpu = true;
  bool collect_cpu_time = false;
  bool report_active = false;
  bool core_tags = false;
  friend bool operator==(const Cpu&, const Cpu&) = default;
};

struct Disk {
  std::vector<std::string> mount_points;  // empty: all
  std::vector<std::string> ignore_fs, ignore_mount_opts;
  friend bool operator==(const Disk&, const Disk&) = default;
};

struct DiskIo {
  std::vector<std::string> devices;  // globs; empty: all
  bool skip_serial_number = true;
  friend bool operator==(const DiskIo&, const DiskIo&) = default;
};

struct Docker {
  std::string endpoint = "/var/run/docker.sock";  // path of its socket
  std::uint64_t timeout_ns = 5'000'000'000;
  std::vector<std::string> container_name_include, container_name_exclude;
  std::vector<std::string> container_state_include, container_state_exclude;
  bool source_tag = false;
  std::vector<std::string> storage_objects;  // "container", "image", "volume"
  std::vector<std::string> perdevice_include{"cpu"};
  std::vector<std::string> total_include{"cpu", "blkio", "network"};
  std::vector<std::string> docker_label_include, docker_label_exclude;  // both empty: all
  std::vector<std::string> tag_env;                                     // names of variables
  bool gather_services = false;
  // Of old versions; already worked into the lists above.
  std::vector<std::string> container_names;
  bool perdevice = false, total = true;
  friend bool operator==(const Docker&, const Docker&) = default;
};

enum class DataFormat : std::uint8_t { influx, json, nagios, prometheus, value };

struct JsonFormat {
  std::vector<std::string> tag_keys, string_fields;
  std::string query, name_key;
  bool strict = true;
  friend bool operator==(const JsonFormat&, const JsonFormat&) = default;
};

struct Command {
  Place place;
  std::vector<std::string> words;  // the first may be a glob, or a name to look up in PATH
  std::string name{};              // given by whoever finds its file
  friend bool operator==(const Command&, const Command&) = default;
};

struct Exec {
  std::vector<Command> commands;
  std::vector<std::string> environment;  // NAME=value
  std::uint64_t timeout_ns = 5'000'000'000;
  bool ignore_error = false;
  DataFormat format = DataFormat::json;
  std::uint32_t prometheus_metric_version = 2;
  JsonFormat json;
  std::string data_type = "int";  // int, float, string, base64, bool, auto_integer, auto_float
  std::string value_field_name = "value";
  friend bool operator==(const Exec&, const Exec&) = default;
};

struct Internal {
  bool collect_memstats = true;
  friend bool operator==(const Internal&, const Internal&) = default;
};

struct Interrupts {
  bool cpu_as_tag = false;
  friend bool operator==(const Interrupts&, const Interrupts&) = default;
};

struct Kernel {
  std::vector<std::string> collect;  // "ksm", "psi"
  friend bool operator==(const Kernel&, const Kernel&) = default;
};

struct KernelVmstat {
  friend bool operator==(const KernelVmstat&, const KernelVmstat&) = default;
};

struct LinuxSysctlFs {
  friend bool operator==(const LinuxSysctlFs&, const LinuxSysctlFs&) = default;
};

struct Mem {
  bool collect_extended = false;
  friend bool operator==(const Mem&, const Mem&) = default;
};

struct Net {
  std::vector<std::string> interfaces;  // globs; empty: those that are up, without loopback
  bool ignore_protocol_stats = false;
  friend bool operator==(const Net&, const Net&) = default;
};

struct Netstat {
  friend bool operator==(const Netstat&, const Netstat&) = default;
};

struct Nstat {
  bool dump_zeros = false;
  friend bool operator==(const Nstat&, const Nstat&) = default;
};

struct Processes {
  friend bool operator==(const Processes&, const Processes&) = default;
};

struct Swap {
  friend bool operator==(const Swap&, const Swap&) = default;
};

struct System {
  std::vector<std::string> include{"load", "users", "legacy_cpus", "legacy_uptime"};
  friend bool operator==(const System&, const System&) = default;
};

using Plugin =
    std::variant<Conntrack, Cpu, Disk, DiskIo, Docker, Exec, Internal, Interrupts, Kernel,
                 KernelVmstat, LinuxSysctlFs, Mem, Net, Netstat, Nstat, Processes, Swap, System>;

struct Input {
  std::string name;  // "cpu"
  Origin origin;
  Common common;
  Filters filters;
  Plugin plugin;
  friend bool operator==(const Input&, const Input&) = default;
};

// Certificates are paths as written; nothing is set: no TLS.
struct Tls {
  std::string cert, key;
  std::vector<std::string> allowed_cacerts;  // of clients; empty: clients show none
  std::string min_version;                   // "TLS13"; all else is TLS 1.2
  friend bool operator==(const Tls&, const Tls&) = default;
};

struct PrometheusClient {
  Origin origin;
  std::string alias;
  std::string name_override, name_prefix, name_suffix;
  Address address{{}, 9273};
  std::string path = "/metrics";
  std::uint32_t metric_version = 1;
  std::uint64_t expiration_interval_ns = 60'000'000'000;  // 0: never
  std::string basic_username, basic_password;             // both or none
  std::vector<std::string> ip_range;                      // CIDR; empty: everybody
  Tls tls;
  bool string_as_label = true;
  std::vector<std::string> collectors_exclude;  // "gocollector", "process"
  Filters filters;
  friend bool operator==(const PrometheusClient&, const PrometheusClient&) = default;
};

struct Settings {
  std::vector<std::string> files;  // names, in the order they were read
  Agent agent;
  Tags global_tags;  // the host's name is not among them
  Origin global_tags_origin;
  std::vector<Input> inputs;              // in the order they are written
  std::vector<PrometheusClient> outputs;  // likewise
  friend bool operator==(const Settings&, const Settings&) = default;
};

}  // namespace hostmeter::config::telegraf
