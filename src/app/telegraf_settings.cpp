#include "app/telegraf_settings.hpp"

#include <glob.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <optional>
#include <set>

#include "base/word_list.hpp"
#include "config/source_text.hpp"
#include "config/telegraf/docker_input.hpp"
#include "hostmeter/base/text.hpp"

namespace hostmeter::app {
namespace {

namespace telegraf = config::telegraf;
using base::has;

constexpr std::uint64_t kSecondNs = 1'000'000'000;
constexpr std::uint64_t kLeastDfIntervalNs = 60 * kSecondNs;
constexpr std::uint64_t kLeastSwarmIntervalNs = 10 * kSecondNs;
constexpr std::uint64_t kLeastInfoIntervalNs = 60 * kSecondNs;
constexpr std::size_t kLongestName = 60;
constexpr const char* kUsualPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

// Those that have no size, or whose mount points must not be looked at.
constexpr std::string_view kNoSizes[] = {
    "autofs", "binfmt_misc", "bpf",        "cgroup",    "cgroup2", "configfs", "debugfs",
    "devpts", "fusectl",     "hugetlbfs",  "mqueue",    "nsfs",    "proc",     "procfs",
    "pstore", "rpc_pipefs",  "securityfs", "selinuxfs", "sysfs",   "tracefs"};

// The executable that a name of a command means.
std::optional<std::string> in_path(const std::string& name) {
  const char* path = std::getenv("PATH");
  for (Text directories(path ? path : kUsualPath); !directories.empty();) {
    const std::string file = std::string(directories.until(':')) + '/' + name;
    if (file.starts_with('/') && ::access(file.c_str(), X_OK) == 0) return file;
  }
  return {};
}

std::vector<std::string> matches(const std::string& pattern) {
  glob_t found{};
  const int status = ::glob(pattern.c_str(), GLOB_NOSORT, nullptr, &found);
  const std::unique_ptr<glob_t, decltype(&::globfree)> keeper(&found, &::globfree);
  std::vector<std::string> files;
  if (status == 0) files.assign(found.gl_pathv, found.gl_pathv + found.gl_pathc);
  std::sort(files.begin(), files.end());
  return files;
}

// Files that a command means. What is wrong with it stands in why.
std::vector<std::string> files_of(const std::string& word, std::string& why) {
  if (word.find('/') == std::string::npos) {
    const auto file = in_path(word);
    if (file) return {*file};
    why = "is in no directory of PATH";
  } else if (!word.starts_with('/')) {
    why = "is no path from the root";
  } else if (word.find_first_of("*?[") == std::string::npos) {
    if (::access(word.c_str(), F_OK) != 0) why = "is not there";
    return {word};  // run once it is there
  } else if (auto files = matches(word); !files.empty()) {
    return files;
  } else {
    why = "matches no file now";
  }
  return {};
}

// "check_disk" of "/app/check_disk.sh", unless another command has that name.
std::string name_for(const std::string& file, std::set<std::string>& taken) {
  std::string name = file.substr(file.rfind('/') + 1);
  if (const auto dot = name.rfind('.'); dot != std::string::npos && dot > 0) name.resize(dot);
  name.resize(std::min(name.size(), kLongestName));
  for (char& c : name) {
    const bool may_stay = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                          (c >= '0' && c <= '9') || c == '-' || c == '.';
    if (!may_stay) c = '_';
  }
  if (name.empty() || name.front() == '-' || name.front() == '.') name.insert(0, 1, '_');
  std::string free = name;
  for (int n = 2; !taken.insert(free).second; ++n) free = name + '-' + std::to_string(n);
  return free;
}

config::ScriptFormat format_of(telegraf::DataFormat format) {
  switch (format) {
    case telegraf::DataFormat::influx:
      return config::ScriptFormat::influx;
    case telegraf::DataFormat::json:
      return config::ScriptFormat::json;
    case telegraf::DataFormat::nagios:
      return config::ScriptFormat::nagios;
    case telegraf::DataFormat::value:
      return config::ScriptFormat::value;
    default:
      return config::ScriptFormat::prometheus;
  }
}

config::ScriptParse parse_of(const telegraf::Exec& exec) {
  config::ScriptParse parse;
  parse.keeps_origin = true;
  const std::string type = exec.data_type == "int"    ? "integer"
                           : exec.data_type == "bool" ? "boolean"
                                                      : exec.data_type;
  const auto* const known =
      std::find(std::begin(config::kScriptDataTypes), std::end(config::kScriptDataTypes), type);
  if (known != std::end(config::kScriptDataTypes))
    parse.data_type = std::uint8_t(known - std::begin(config::kScriptDataTypes));
  parse.query = exec.json.query;
  parse.tags = exec.json.tag_keys;
  parse.string_fields = exec.json.string_fields;
  parse.name_key = exec.json.name_key;
  parse.strict = exec.json.strict;
  parse.field = exec.value_field_name;
  return parse;
}

void find_files(telegraf::Exec& exec, std::set<std::string>& taken,
                std::vector<telegraf::Finding>& findings) {
  std::vector<telegraf::Command> found;
  for (const telegraf::Command& command : exec.commands) {
    std::string why;
    const std::vector<std::string> files = files_of(command.words.front(), why);
    if (!why.empty())
      findings.push_back({telegraf::Effect::lost, command.place, "inputs.exec.commands",
                          '"' + config::printable(command.words.front()) + "\" " + why +
                              (files.empty() ? ": it is not run; mend that and reload"
                                             : ": it is not run until it is")});
    for (const std::string& file : files) {
      telegraf::Command one = command;
      one.words.front() = file;
      one.name = name_for(file, taken);
      found.push_back(std::move(one));
    }
  }
  exec.commands = std::move(found);
}

// Telegraf has no bound, and nothing in its file could raise ours.
constexpr std::uint64_t kMostSeries = 10'000;

config::Script script_of(const telegraf::Exec& exec, const telegraf::Command& command,
                         std::uint64_t interval_ns) {
  config::Script script;
  script.name = command.name;
  script.run = {command.words.front()};
  script.arguments.assign(command.words.begin() + 1, command.words.end());
  script.environment = exec.environment;
  script.interval_ns = std::max(interval_ns, kSecondNs);
  script.timeout_ns = exec.timeout_ns;
  script.format = format_of(exec.format);
  script.parse = parse_of(exec);
  script.ignore_error = exec.ignore_error;
  script.profile = config::ScriptProfile::telegraf;
  script.limits.series = kMostSeries;
  return script;
}

// One second, or less where an interval is.
std::uint64_t tick_of(const telegraf::Settings& settings) {
  std::uint64_t tick = std::min(kSecondNs, settings.agent.interval_ns);
  for (const telegraf::Input& input : settings.inputs)
    if (!std::holds_alternative<telegraf::Exec>(input.plugin))
      tick = std::min(tick, input.common.interval_ns.value_or(tick));
  return tick;
}

// Of several inputs the one that asks more often.
void take_shorter(std::uint64_t& interval_ns, std::uint64_t wanted_ns) {
  interval_ns = interval_ns == 0 ? wanted_ns : std::min(interval_ns, wanted_ns);
}

// Asked so seldom because it costs the engine: to look at every file, or to start processes.
void ask_engine(const telegraf::Docker& docker, std::uint64_t interval_ns, config::Engine& engine) {
  take_shorter(engine.info_interval_ns, std::max(interval_ns, kLeastInfoIntervalNs));
  if (docker.gather_services)
    take_shorter(engine.swarm_interval_ns, std::max(interval_ns, kLeastSwarmIntervalNs));
  engine.environment.insert(engine.environment.end(), docker.tag_env.begin(), docker.tag_env.end());
  if (docker.storage_objects.empty()) return;
  take_shorter(engine.df_interval_ns, std::max(interval_ns, kLeastDfIntervalNs));
  engine.df_images |= has(docker.storage_objects, "image");
  engine.df_volumes |= has(docker.storage_objects, "volume");
}

struct Asks {
  config::Settings& settings;
  const telegraf::Agent& agent;
  const telegraf::Common& common;

  std::uint64_t interval_ns() const { return common.interval_ns.value_or(agent.interval_ns); }

  // A reader for inputs that ask for it: it reads at the moments of each.
  void read(std::string_view reader) const {
    std::vector<config::ReaderPace>& paces = settings.collect.paces;
    const config::ReaderPace wanted{
        std::string(reader), interval_ns(),
        common.collection_offset_ns.value_or(agent.collection_offset_ns), agent.round_interval};
    const auto has_moments_of = [](const config::ReaderPace& one, const config::ReaderPace& other) {
      return one.reader == other.reader && one.offset_ns == other.offset_ns &&
             other.interval_ns % one.interval_ns == 0;
    };
    for (const config::ReaderPace& known : paces)
      if (has_moments_of(known, wanted)) return;
    std::erase_if(paces, [&](const auto& known) { return has_moments_of(wanted, known); });
    paces.push_back(wanted);
    std::vector<std::string>& enable = settings.collect.enable;
    if (!has(enable, reader)) enable.emplace_back(reader);
  }

  template <class T>
  void operator()(const T&) const {}
  // Telegraf asks all filesystems of the host that have a size, and takes all devices.
  void operator()(const telegraf::Disk&) const {
    settings.collect.mounts.points = {};
    settings.collect.mounts.fstypes = {{}, {std::begin(kNoSizes), std::end(kNoSizes)}};
  }
  void operator()(const telegraf::DiskIo&) const { settings.collect.disks.names = {}; }
  void operator()(const telegraf::Net& net) const {
    settings.collect.interfaces.container_veths = true;
    if (!net.ignore_protocol_stats) read("netstat_all");
  }
  void operator()(const telegraf::Docker& docker) const {
    const bool is_podman = telegraf::runtime_of(docker) == "podman";
    config::Engine& engine = is_podman ? settings.runtimes.podman : settings.runtimes.docker;
    engine.timeout_ns =
        engine.enabled ? std::max(engine.timeout_ns, docker.timeout_ns) : docker.timeout_ns;
    engine.enabled = true;
    engine.endpoint = docker.endpoint;
    // The link that every distribution has, so that a host without Docker is not remarked on.
    constexpr std::string_view kOldRun = "/var/run/";
    if (docker.endpoint.starts_with(kOldRun))
      engine.endpoint = "/run/" + docker.endpoint.substr(kOldRun.size());
    ask_engine(docker, interval_ns(), engine);
    read("cgroup_memory_stat");
    if (has(docker.perdevice_include, "cpu")) read("cgroup_cpu_each");
  }
  void operator()(const telegraf::Exec& exec) const {
    for (const telegraf::Command& command : exec.commands)
      settings.scripts.each.push_back(script_of(exec, command, interval_ns()));
  }
  void operator()(const telegraf::Interrupts&) const { read("interrupts"); }
  void operator()(const telegraf::Netstat&) const { read("tcp_states"); }
  void operator()(const telegraf::Processes&) const { read("processes"); }
  void operator()(const telegraf::System& system) const {
    if (has(system.include, "users")) read("users");
  }
  void operator()(const telegraf::Conntrack& conntrack) const {
    if (!conntrack.collect.empty()) read("conntrack_cpus");
  }
  void operator()(const telegraf::Kernel& kernel) const {
    if (has(kernel.collect, "psi")) read("pressure_averages");
    if (has(kernel.collect, "ksm")) read("ksm");
  }
  void operator()(const telegraf::KernelVmstat&) const { read("vmstat_all"); }
  void operator()(const telegraf::LinuxSysctlFs&) const { read("sysctl_fs"); }
  void operator()(const telegraf::Nstat&) const { read("netstat_all"); }
};

config::Listener listener_of(const telegraf::PrometheusClient& output, std::size_t place) {
  config::Listener listener;
  listener.address = output.address;
  listener.path = output.path;
  listener.contract = config::Contract::telegraf;
  listener.output = place;
  listener.allow = output.ip_range;
  listener.tls_certificate = output.tls.cert;
  listener.tls_key = output.tls.key;
  const std::vector<std::string>& cas = output.tls.allowed_cacerts;
  if (!cas.empty()) {
    listener.tls_client_ca = cas.front();
    listener.tls_more_client_cas.assign(cas.begin() + 1, cas.end());
  }
  listener.tls_only_13 = output.tls.min_version == "TLS13";
  if (!output.basic_username.empty() && !output.basic_password.empty()) {
    listener.user = output.basic_username;
    listener.password = output.basic_password;
  }
  return listener;
}

}  // namespace

void find_commands(telegraf::Loaded& loaded) {
  std::set<std::string> taken;
  const std::size_t before = loaded.findings.size();
  for (telegraf::Input& input : loaded.settings.inputs)
    if (auto* exec = std::get_if<telegraf::Exec>(&input.plugin))
      find_files(*exec, taken, loaded.findings);
  if (loaded.findings.size() == before) return;
  std::stable_sort(loaded.findings.begin(), loaded.findings.end(),
                   [](const telegraf::Finding& one, const telegraf::Finding& other) {
                     return std::pair(one.place.file, one.place.line) <
                            std::pair(other.place.file, other.place.line);
                   });
}

config::Settings settings_for(const telegraf::Settings& conf) {
  config::Settings settings;
  settings.collect.interval_ns = tick_of(conf);
  settings.runtimes.docker.enabled = false;
  settings.runtimes.podman.enabled = false;
  settings.textfile.directories.clear();
  settings.scripts.directories.clear();
  for (const telegraf::Input& input : conf.inputs)
    std::visit(Asks{settings, conf.agent, input.common}, input.plugin);
  settings.listeners.clear();
  for (std::size_t i = 0; i < conf.outputs.size(); ++i)
    settings.listeners.push_back(listener_of(conf.outputs[i], i));
  if (conf.agent.quiet) settings.log.level = config::LogLevel::error;
  if (conf.agent.debug) settings.log.level = config::LogLevel::debug;
  settings.telegraf = conf;
  return settings;
}

}  // namespace hostmeter::app
