#include "config/telegraf/host_inputs.hpp"

#include <algorithm>
#include <array>

#include "base/word_list.hpp"

namespace hostmeter::config::telegraf {
namespace {

using base::has;

constexpr std::string_view kConntrackParts[] = {"all", "percpu"};
constexpr Option<Conntrack> kConntrack[] = {
    {"files", &Conntrack::files},
    {"dirs", &Conntrack::dirs},
    {"collect", &Conntrack::collect, kConntrackParts},
};

constexpr Option<Cpu> kCpu[] = {
    {"percpu", &Cpu::percpu},
    {"totalcpu", &Cpu::totalcpu},
    {"collect_cpu_time", &Cpu::collect_cpu_time},
    {"report_active", &Cpu::report_active},
    {"core_tags", &Cpu::core_tags},
};

constexpr Option<Disk> kDisk[] = {
    {"mount_points", &Disk::mount_points, {}, true},
    {"mountpoints", &Disk::mount_points, {}, true},  // until Telegraf 0.10
    {"ignore_fs", &Disk::ignore_fs},
    {"ignore_mount_opts", &Disk::ignore_mount_opts},
    {"trace_filters", Unsupported{Effect::none, "false", "is for debugging Telegraf"}},
};

constexpr Option<DiskIo> kDiskIo[] = {
    {"devices", &DiskIo::devices},
    {"skip_serial_number", &DiskIo::skip_serial_number},
    {"device_tags",
     Unsupported{Effect::differs, "[]", "udev is not asked: labels of its properties are absent"}},
    {"name_templates",
     Unsupported{Effect::differs, "[]", "udev is not asked: label name is the kernel's name"}},
};

constexpr Option<Internal> kInternal[] = {
    {"collect_memstats", &Internal::collect_memstats},
    {"collect_gostats", Unsupported{Effect::lost, "false", "there is no Go runtime to ask"}},
    {"per_instance", Unsupported{Effect::differs, "false", "inputs of one name are added up"}},
};

constexpr Option<Interrupts> kInterrupts[] = {{"cpu_as_tag", &Interrupts::cpu_as_tag}};

constexpr std::string_view kKernelExtras[] = {"ksm", "psi"};
constexpr Option<Kernel> kKernel[] = {{"collect", &Kernel::collect, kKernelExtras}};

constexpr Option<Mem> kMem[] = {{"collect_extended", &Mem::collect_extended}};

constexpr Option<Net> kNet[] = {
    {"interfaces", &Net::interfaces},
    {"ignore_protocol_stats", &Net::ignore_protocol_stats},
};

constexpr const char* kOneProc = "the host's /proc is read (--procfs names another)";
constexpr Option<Nstat> kNstat[] = {
    {"dump_zeros", &Nstat::dump_zeros},
    {"proc_net_netstat", Unsupported{Effect::none, "\"/proc/net/netstat\"", kOneProc}},
    {"proc_net_snmp", Unsupported{Effect::none, "\"/proc/net/snmp\"", kOneProc}},
    {"proc_net_snmp6", Unsupported{Effect::none, "\"/proc/net/snmp6\"", kOneProc}},
};

constexpr Option<Processes> kProcesses[] = {
    {"use_sudo", Unsupported{Effect::none, "false", "no command is run for it"}},
};

constexpr std::string_view kSystemParts[] = {"load",   "users", "cpus", "legacy_cpus",
                                             "uptime", "os",    "dmi",  "legacy_uptime"};
constexpr Option<System> kSystem[] = {
    {"include", &System::include, kSystemParts},
    {"os_cache_ttl", Unsupported{Effect::none, {}, "nothing is cached"}},
    {"dmi_cache_ttl", Unsupported{Effect::none, {}, "nothing is cached"}},
};

// Takes parts of an input out that are not measured.
void leave_out(std::vector<std::string>& parts, std::initializer_list<std::string_view> missing,
               std::string_view option, const toml::table& table, const Input& input,
               Report& report) {
  for (const std::string_view part : missing)
    if (std::erase(parts, part) > 0)
      report.add(Effect::lost, find_option(table, option)->first.source().begin,
                 "inputs." + input.name + '.' + std::string(option),
                 '"' + std::string(part) + "\" is not measured");
}

toml::source_position place_of(const toml::table& table, std::string_view option) {
  return find_option(table, option)->first.source().begin;
}

// Mount points have of their options only whether they can be written to.
void check_mount_options(const Disk& disk, const toml::table& table, Report& report) {
  for (const std::string& option : disk.ignore_mount_opts)
    if (option != "ro" && option != "rw")
      report.add(Effect::differs, place_of(table, "ignore_mount_opts"),
                 "inputs.disk.ignore_mount_opts",
                 '"' + printable(option) +
                     "\" is not known of mounts, \"ro\" and \"rw\" are: filesystems with it are "
                     "served too; write ignore_fs, or tagdrop of path");
}

// Two numbers are read, wherever the kernel has them: in files of these names. Telegraf itself
// takes no file whose name has no _.
void check_conntrack_files(const Conntrack& conntrack, const toml::table& table, Report& report) {
  constexpr std::string_view kFiles[] = {"nf_conntrack_count", "nf_conntrack_max",
                                         "ip_conntrack_count", "ip_conntrack_max"};
  constexpr const char* kDirectory = "/proc/sys/net/netfilter";
  for (const std::string& file : conntrack.files) {
    const std::size_t begin = file.find('_');
    if (begin == std::string::npos ||
        std::find(std::begin(kFiles), std::end(kFiles), file) != std::end(kFiles))
      continue;
    report.add(Effect::lost, place_of(table, "files"), "inputs.conntrack.files",
               '"' + printable(file) + "\" is not read: conntrack_ip" +
                   printable(file.substr(begin)) + " is absent");
  }
  if (!conntrack.dirs.empty() && !has(conntrack.dirs, kDirectory))
    report.add(Effect::differs, place_of(table, "dirs"), "inputs.conntrack.dirs",
               std::string("does not name ") + kDirectory + ", which is read");
}

template <class T>
void read_into(const toml::table& table, std::span<const Option<T>> options, Input& input,
               Report& report) {
  T plugin;
  read_input(table, options, plugin, input, report);
  // Of system, what these two show is not served.
  if constexpr (std::is_same_v<T, System>) {
    if (plugin.include.empty()) plugin = T();  // as Telegraf takes an empty list
    leave_out(plugin.include, {"os", "dmi"}, "include", table, input, report);
  }
  if constexpr (std::is_same_v<T, Internal>) {
    report.add(Effect::lost, table.source().begin, "inputs.internal",
               "nothing is buffered or sent: of internal_write only metrics_added and "
               "metrics_written are served; no startup_errors, no go_version");
    if (plugin.collect_memstats)
      report.add(Effect::lost, table.source().begin, "inputs.internal.collect_memstats",
                 "there is no Go runtime to ask: internal_memstats_* is absent; write "
                 "collect_memstats = false, hostmeter_* and process_* tell of memory");
  }
  if constexpr (std::is_same_v<T, Disk>) check_mount_options(plugin, table, report);
  if constexpr (std::is_same_v<T, Conntrack>) check_conntrack_files(plugin, table, report);
  input.plugin = std::move(plugin);
}

struct Kind {
  std::string_view name;
  void (*read)(const toml::table&, Input&, Report&);
};

template <class T, const auto& Options>
constexpr auto kReads = [](const toml::table& table, Input& input, Report& report) {
  read_into<T>(table, Options, input, report);
};
template <class T>
constexpr auto kReadsNone = [](const toml::table& table, Input& input, Report& report) {
  read_into<T>(table, {}, input, report);
};

constexpr Kind kKinds[] = {
    {"conntrack", kReads<Conntrack, kConntrack>},
    {"cpu", kReads<Cpu, kCpu>},
    {"disk", kReads<Disk, kDisk>},
    {"diskio", kReads<DiskIo, kDiskIo>},
    {"internal", kReads<Internal, kInternal>},
    {"interrupts", kReads<Interrupts, kInterrupts>},
    {"kernel", kReads<Kernel, kKernel>},
    {"kernel_vmstat", kReadsNone<KernelVmstat>},
    {"linux_sysctl_fs", kReadsNone<LinuxSysctlFs>},
    {"mem", kReads<Mem, kMem>},
    {"net", kReads<Net, kNet>},
    {"netstat", kReadsNone<Netstat>},
    {"nstat", kReads<Nstat, kNstat>},
    {"processes", kReads<Processes, kProcesses>},
    {"swap", kReadsNone<Swap>},
    {"system", kReads<System, kSystem>},
};

}  // namespace

bool read_host_input(const toml::table& table, Input& input, Report& report) {
  const auto* kind = std::find_if(std::begin(kKinds), std::end(kKinds),
                                  [&](const Kind& each) { return each.name == input.name; });
  if (kind == std::end(kKinds)) return false;
  kind->read(table, input, report);
  return true;
}

std::span<const std::string_view> host_input_names() {
  static constexpr auto kNames = [] {
    std::array<std::string_view, std::size(kKinds)> names;
    for (std::size_t i = 0; i < names.size(); ++i) names[i] = kKinds[i].name;
    return names;
  }();
  return kNames;
}

}  // namespace hostmeter::config::telegraf
