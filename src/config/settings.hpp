// What an operator can set, as plain typed values. The defaults are here and nowhere else.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/glob_filter.hpp"
#include "config/address.hpp"
#include "config/telegraf/settings.hpp"

namespace hostmeter::config {

struct Disks {
  base::GlobFilter names{{},
                         {"ram[0-9]*", "zram[0-9]*", "loop[0-9]*", "fd[0-9]*", "[hsv]d[a-z][0-9]*",
                          "[hsv]d[a-z][a-z][0-9]*", "xvd[a-z][0-9]*", "nvme[0-9]*n[0-9]*p[0-9]*",
                          "mmcblk[0-9]*p[0-9]*"}};
  friend bool operator==(const Disks&, const Disks&) = default;
};

struct Mounts {
  base::GlobFilter points{{},
                          {"/dev", "/dev/*", "/proc", "/proc/*", "/run/credentials/*", "/sys",
                           "/sys/*", "/var/lib/docker/*", "/var/lib/containers/storage/*"}};
  base::GlobFilter fstypes{{}, {"autofs",    "binfmt_misc", "bpf",    "cgroup",     "cgroup2",
                                "configfs",  "debugfs",     "devpts", "devtmpfs",   "fusectl",
                                "hugetlbfs", "iso9660",     "mqueue", "nsfs",       "overlay",
                                "proc",      "procfs",      "pstore", "rpc_pipefs", "securityfs",
                                "selinuxfs", "squashfs",    "erofs",  "sysfs",      "tracefs"}};
  std::uint64_t interval_ns = 15'000'000'000;
  std::uint64_t timeout_ns = 5'000'000'000;
  friend bool operator==(const Mounts&, const Mounts&) = default;
};

struct Interfaces {
  base::GlobFilter names{};
  bool container_veths = false;
  friend bool operator==(const Interfaces&, const Interfaces&) = default;
};

enum class Scope : std::uint8_t { all, containers };

struct Cgroups {
  Scope scope = Scope::all;
  bool nested = false;
  std::uint64_t linger_ns = 90'000'000'000;
  std::uint64_t open_files = 1'200;
  friend bool operator==(const Cgroups&, const Cgroups&) = default;
};

// What [collect] enable may name: readers that are off otherwise.
inline constexpr std::string_view kOptionalReaders[] = {
    "conntrack_cpus", "interrupts", "ksm",        "netstat_all", "pressure_averages",
    "processes",      "sysctl_fs",  "tcp_states", "users",       "vmstat_all"};

// When one of them reads, where that is not as enable_interval says, or one that has no other time:
// cgroup_memory_stat, cgroup_cpu_each. Of several of a reader each counts.
struct ReaderPace {
  std::string reader;
  std::uint64_t interval_ns = 0, offset_ns = 0;
  bool rounded = true;  // to multiples of the interval
  friend bool operator==(const ReaderPace&, const ReaderPace&) = default;
};

struct Collect {
  std::uint64_t interval_ns = 1'000'000'000;
  std::vector<std::string> disable;  // names of readers
  std::vector<std::string> enable;
  std::uint64_t enable_interval_ns = 15'000'000'000;
  std::vector<ReaderPace> paces;
  Disks disks;
  Mounts mounts;
  Interfaces interfaces;
  Cgroups cgroups;
  friend bool operator==(const Collect&, const Collect&) = default;
};

enum class Contract : std::uint8_t { standard, telegraf };

struct Listener {
  Address address{{}, 9273};
  std::string path = "/metrics";
  Contract contract = Contract::standard;
  std::size_t output = 0;  // of telegraf: which output of the telegraf.conf
  std::uint64_t threads = 2;
  std::vector<std::string> allow{};  // ranges of addresses; none: all
  std::string tls_certificate{}, tls_key{}, tls_client_ca{}, users_file{};  // empty: none
  std::vector<std::string> tls_more_client_cas{};                           // beside tls_client_ca
  bool tls_only_13 = false;
  std::string user{}, password{};  // one more than those of the file; no name: none
  friend bool operator==(const Listener&, const Listener&) = default;
};

struct Bpf {
  bool enabled = true;
  bool blkio = true;
  bool blkio_latency = true;
  std::uint64_t map_entries = 16'384;
  std::uint64_t blkio_direct_rows = 512;
  bool run_queue = true;
  std::uint64_t run_queue_threshold_ns = 64'000;
  bool walk = true;
  std::uint64_t walk_cgroups = 8'192;
  bool life = true;
  std::uint64_t life_ring_kib = 1'024;
  std::uint64_t life_events_per_second = 500;
  friend bool operator==(const Bpf&, const Bpf&) = default;
};

struct Limits {
  std::uint64_t containers = 20'000;  // cgroups of any kind
  std::uint64_t lingering = 2'000;
  std::uint64_t shown_containers = 5'000;
  std::uint64_t series = 1'000'000;
  std::uint64_t printed = 32U << 20;   // bytes
  std::uint64_t ended_rows = 1'000;    // by image, and as many by pod
  std::uint64_t record_ring = 32'768;  // records: a whole tick has to fit
  std::uint64_t news_ring = 8'192;
  friend bool operator==(const Limits&, const Limits&) = default;
};

// Directories, from the host's root, in which a runtime keeps files that name its containers.
struct StateDirectories {
  bool enabled = true;
  std::vector<std::string> directories;
  friend bool operator==(const StateDirectories&, const StateDirectories&) = default;
};

// An engine that is asked over its socket.
struct Engine {
  bool enabled = true;
  std::string endpoint;  // of a socket, below the host's root
  // Where it keeps its containers; the first is that of whoever listens at the endpoint.
  std::vector<std::string> directories;
  std::uint64_t timeout_ns = 5'000'000'000;
  std::uint64_t df_interval_ns = 0;
  bool df_images = false, df_volumes = false;  // also one by one
  // Its state is asked for so often even if nothing happens; 0: not.
  std::uint64_t info_interval_ns = 0;
  std::uint64_t swarm_interval_ns = 0;     // services of a swarm; 0: never asked for
  std::vector<std::string> environment{};  // of containers, the variables that are kept
  friend bool operator==(const Engine&, const Engine&) = default;
};

// Who tells of containers, and what is shown of it.
struct Runtimes {
  // Of them only few values exist on a host, and they stay when containers are made anew.
  std::vector<std::string> labels{"com.docker.compose.project", "com.docker.compose.service",
                                  "com.docker.stack.namespace", "com.docker.swarm.service.name"};
  base::GlobFilter names{}, images{};
  base::GlobFilter label_values{};  // of NAME=VALUE
  Engine docker{.endpoint = "/run/docker.sock", .directories = {"/var/lib/docker"}};
  Engine podman{.endpoint = "/run/podman/podman.sock",
                .directories = {"/var/lib/containers/storage"}};
  StateDirectories containerd{.directories = {"/run/containerd", "/run/k3s/containerd",
                                              "/var/snap/microk8s/common/run/containerd"}};
  StateDirectories crio{.directories = {"/run/containers/storage"}};
  StateDirectories kubelet{.directories = {"/var/log"}};
  StateDirectories lxc{.directories = {"/var/lib/lxc"}};
  StateDirectories nspawn{.directories = {"/run/systemd/machines"}};
  friend bool operator==(const Runtimes&, const Runtimes&) = default;
};

// Files of metrics that others leave for us.
struct Textfile {
  std::vector<std::string> directories{"/var/lib/prometheus/node-exporter",
                                       "/var/lib/node_exporter/textfile_collector"};
  std::uint64_t interval_ns = 15'000'000'000;
  std::uint64_t max_age_ns = 0;  // 0: no file is too old
  friend bool operator==(const Textfile&, const Textfile&) = default;
};

// What [rights] keep may name: what readers raise while they read.
inline constexpr std::string_view kKeepableRights[] = {"CAP_BPF", "CAP_DAC_READ_SEARCH",
                                                       "CAP_NET_ADMIN", "CAP_SYS_PTRACE"};

struct Rights {
  bool lock = false;
  std::vector<std::string> keep;
  friend bool operator==(const Rights&, const Rights&) = default;
};

// How a script's output is read.
enum class ScriptFormat : std::uint8_t { prometheus, openmetrics, influx, json, nagios, value };

// The type of a single value, as Telegraf's data_type has it.
inline constexpr std::string_view kScriptDataTypes[] = {"integer", "float",        "string",
                                                        "boolean", "auto_integer", "auto_float"};

// Of formats other than Prometheus's.
struct ScriptParse {
  std::string name = "exec";      // of measurements that have none
  std::uint8_t data_type = 0;     // of kScriptDataTypes
  std::string query;              // the way to what is read of JSON
  std::vector<std::string> tags;  // globs of keys of JSON that are labels
  bool strings_as_labels = false;
  // Of a telegraf.conf alone:
  std::vector<std::string> string_fields{};  // globs of keys of JSON whose text is a value
  std::string name_key{};                    // of JSON, where the measurement's name is
  bool strict = true;                        // what is no object costs all of the JSON
  std::string field = "value";               // of format value
  bool keeps_origin = false;                 // the contract names what is printed
  friend bool operator==(const ScriptParse&, const ScriptParse&) = default;
};

// Allowances under one name, instead of those of [script.allow].
enum class ScriptProfile : std::uint8_t { none, telegraf };

struct ScriptLimits {
  std::uint64_t memory_bytes = 128U << 20;
  std::uint64_t tmp_bytes = 16U << 20;
  std::uint64_t file_bytes = 16U << 20;
  std::uint64_t processes = 64;
  std::uint64_t open_files = 256;
  std::uint64_t cpu_percent = 100;  // of one CPU
  std::uint64_t series = 1'000;
  std::uint64_t output_bytes = 1U << 20;
  std::uint64_t line_bytes = 64U << 10;
  friend bool operator==(const ScriptLimits&, const ScriptLimits&) = default;
};

// Paths are absolute.
struct ScriptAllowances {
  bool network = false;
  std::vector<std::string> read, write, sockets, devices, secrets;
  std::vector<std::string> capabilities;  // by name
  std::vector<std::string> groups;        // names or numbers
  friend bool operator==(const ScriptAllowances&, const ScriptAllowances&) = default;
};

struct Script {
  std::string name;              // empty: that of each file
  std::vector<std::string> run;  // paths and globs of executables
  std::vector<std::string> arguments;
  std::vector<std::string> environment;  // NAME=value
  std::uint64_t interval_ns = 60'000'000'000;
  std::uint64_t timeout_ns = 5'000'000'000;
  std::uint64_t grace_ns = 1'000'000'000;
  ScriptFormat format = ScriptFormat::prometheus;
  bool ignore_error = false;
  ScriptProfile profile = ScriptProfile::none;
  ScriptParse parse;
  ScriptLimits limits;
  ScriptAllowances allow;
  friend bool operator==(const Script&, const Script&) = default;
};

struct Scripts {
  bool enabled = true;
  std::vector<std::string> directories{"/etc/hostmeter/scripts.d"};
  std::uint64_t interval_ns = Script().interval_ns;
  std::uint64_t timeout_ns = Script().timeout_ns;
  std::uint64_t most = 4;  // runs at once
  bool strict = false;
  std::string user = "hostmeter-script";
  std::vector<std::string> hidden{"/etc/hostmeter"};
  std::vector<Script> each;  // [[script]]
  friend bool operator==(const Scripts&, const Scripts&) = default;
};

enum class LogLevel : std::uint8_t { debug, info, warning, error };

struct Log {
  LogLevel level = LogLevel::info;
  friend bool operator==(const Log&, const Log&) = default;
};

struct Settings {
  Collect collect;
  std::vector<Listener> listeners = std::vector<Listener>(1);
  Runtimes runtimes;
  Textfile textfile;
  Scripts scripts;
  Bpf bpf;
  Rights rights;
  Limits limits;
  std::vector<std::pair<std::string, std::string>> labels;  // on every series, sorted by name
  Log log;
  std::optional<telegraf::Settings> telegraf;  // where these are made of a telegraf.conf
  friend bool operator==(const Settings&, const Settings&) = default;
};

}  // namespace hostmeter::config
