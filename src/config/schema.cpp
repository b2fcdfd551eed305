#include "config/schema.hpp"

#include <algorithm>
#include <array>

#include "config/entry.hpp"
#include "config/listener_keys.hpp"
#include "config/script_keys.hpp"

namespace hostmeter::config {
namespace {

using namespace std::string_view_literals;

constexpr std::uint64_t kMs = 1'000'000;
constexpr std::uint64_t kMinute = 60'000 * kMs;

constexpr Table kTables[] = {
    {"collect", false, "What is measured, and how often.", ""},
    {"collect.disks", false, "Which block devices of the host are shown.", ""},
    {"collect.mounts", false, "Which mounted filesystems are asked for their sizes.", ""},
    {"collect.interfaces", false, "Which network interfaces of the host are shown.", ""},
    {"collect.cgroups", false, "Which cgroups are shown, and what following them may cost.", ""},
    {"listener", true, "Where metrics are served. Write this table again for each further address.",
     ""},
    {"runtime", false,
     "Who tells of containers: see the tables below. Here: which are shown, by what their runtimes "
     "tell of them, and with which of their own labels. What is not known of a container is taken "
     "by no include and matched by no exclude: "
     "where a runtime does not answer, an include shows none of its containers, and an exclude "
     "hides none. A new container waits for its runtime's answer for two intervals at most, and "
     "with a filter here even when the runtime cannot be asked.",
     ""},
    {"runtime.containerd", false,
     "Containers of containerd, in Kubernetes or not, are named by the files it keeps about them.",
     ""},
    {"runtime.crio", false, "The same of CRI-O.", ""},
    {"runtime.kubelet", false,
     "The kubelet's log files name containers and pods that no runtime names.", ""},
    {"runtime.lxc", false, "Configurations of LXC tell what its containers were made of.", ""},
    {"runtime.nspawn", false,
     "Machines of systemd-nspawn are named by what machined knows of them.", ""},
    {"runtime.docker", false,
     "Docker is asked who its containers are, and for nothing that costs it much.", ""},
    {"runtime.podman", false,
     "The same of podman, where its service listens (podman.socket of systemd starts it when it is "
     "asked). Users' own containers are named where their storage, "
     "\"/home/*/.local/share/containers/storage\", is the second of directories; users write it, "
     "and "
     "may call theirs as they like.",
     ""},
    {"textfile", false,
     "Files of metrics that others leave in a directory: NAME.prom, in Prometheus's text format, "
     "as node_exporter's textfile collector reads them.",
     ""},
    {"bpf", false, "Programs in the kernel that count what the kernel itself does not.", ""},
    {"rights", false,
     "What the agent keeps of the rights (capabilities) it was started with. Without this table it "
     "keeps them all and raises each only around the calls that need it.",
     ""},
    {"limits", false, "Bounds of everything that could grow. What is dropped is counted.", ""},
    {"labels", false, "Labels added to every series.", "datacenter = \"fra1\""},
    {"log", false, "What is written to the log.", ""},
};

constexpr std::string_view kScopes[] = {"all", "containers"};
constexpr std::string_view kLevels[] = {"debug", "info", "warning", "error"};

template <auto Member>
constexpr auto& in_collect(Settings& s) {
  return s.collect.*Member;
}
template <auto Member>
constexpr auto& in_mounts(Settings& s) {
  return s.collect.mounts.*Member;
}
template <auto Member>
constexpr auto& in_interfaces(Settings& s) {
  return s.collect.interfaces.*Member;
}
template <auto Member>
constexpr auto& in_cgroups(Settings& s) {
  return s.collect.cgroups.*Member;
}
// Of [runtime.NAME]: Name is the member of Runtimes.
template <auto Name>
constexpr auto& state_enabled(Settings& s) {
  return (s.runtimes.*Name).enabled;
}
template <auto Name>
constexpr auto& state_directories(Settings& s) {
  return (s.runtimes.*Name).directories;
}
template <auto Member>
constexpr auto& in_textfile(Settings& s) {
  return s.textfile.*Member;
}
template <auto Member>
constexpr auto& in_docker(Settings& s) {
  return s.runtimes.docker.*Member;
}
template <auto Member>
constexpr auto& in_podman(Settings& s) {
  return s.runtimes.podman.*Member;
}
template <auto Member>
constexpr auto& in_bpf(Settings& s) {
  return s.bpf.*Member;
}
template <auto Member>
constexpr auto& in_rights(Settings& s) {
  return s.rights.*Member;
}
template <auto Member>
constexpr auto& in_limits(Settings& s) {
  return s.limits.*Member;
}

template <auto Member>
constexpr auto& in_runtimes(Settings& s) {
  return s.runtimes.*Member;
}

constexpr Shape include(Pick<std::vector<std::string>> pick) {
  return Names{pick, "glob", false};
}
constexpr Shape directories(Pick<std::vector<std::string>> pick) {
  return Names{pick, "directory", true, {}, check_directory};
}
constexpr Shape exclude(Pick<std::vector<std::string>> pick) {
  return Names{pick, "glob", true};
}

constexpr std::string_view kStateEnabled =
    "false: none of these files is looked at. Below the host's root; what is not there yet is "
    "noticed when it comes.";
constexpr Shape engine_files(Pick<std::vector<std::string>> pick) {
  return Names{pick, "directory", true, {}, check_directory_pattern};
}
// The same for each engine.
constexpr std::string_view
    kEngineEnabled = "false: it is not asked; its containers are named by its files alone.",
    kEngineEndpoint =
        "Path of its socket, below the host's root. Where the usual one is not there, nothing is "
        "said of it; where another is named here and is not there, that is a warning.",
    kEngineFiles =
        "Where it keeps its containers: these are named by the files there, those below the first "
        "while nobody listens at the endpoint. * stands for any name.",
    kEngineTimeout = "When a question without an answer is given up. It delays names only.",
    kEngineDf =
        "Time between two questions for what its images, containers, volumes and build cache take "
        "on disk. The engine then looks at every file of them, so \"0s\", the default, never asks.";

constexpr Key kKeys[] = {
    {"collect", "interval", Duration{in_collect<&Collect::interval_ns>, 100 * kMs, 5 * kMinute},
     "Time between two readings, aligned to the wall clock. Scraping more often shows the same "
     "values again."},
    {"collect", "disable", Names{in_collect<&Collect::disable>, "reader", true},
     "Readers to switch off, by the names that hostmeter_reader_mode shows, such as [\"hwmon\", "
     "\"mdadm\"]. Three are not among them: cgroup_walk is switched off by walk in [bpf], "
     "runtime_files by the tables below [runtime], and every reader of cgroups needs cgroup_tree."},
    {"collect", "enable",
     Names{in_collect<&Collect::enable>, "optional reader", true, kOptionalReaders},
     "Readers that are off unless they are named here, for what they cost or for how much they "
     "show."},
    {"collect", "enable_interval",
     Duration{in_collect<&Collect::enable_interval_ns>, 1'000 * kMs, 5 * kMinute},
     "Time between two readings of those, at multiples of it on the wall clock."},

    {"collect.disks", "include",
     include([](Settings& s) -> auto& { return s.collect.disks.names.include; }),
     "Globs of the devices to show. Without it: all that are not excluded."},
    {"collect.disks", "exclude",
     exclude([](Settings& s) -> auto& { return s.collect.disks.names.exclude; }),
     "Globs of the devices to leave out. A list here takes the place of the default one; [] "
     "excludes nothing."},

    {"collect.mounts", "include",
     include([](Settings& s) -> auto& { return s.collect.mounts.points.include; }),
     "Globs of the mount points to show; * matches slashes too. Without it: all that are not "
     "excluded."},
    {"collect.mounts", "exclude",
     exclude([](Settings& s) -> auto& { return s.collect.mounts.points.exclude; }),
     "Globs of the mount points to leave out."},
    {"collect.mounts", "fstypes_include",
     include([](Settings& s) -> auto& { return s.collect.mounts.fstypes.include; }),
     "Globs of the filesystem types to show. Without it: all that are not excluded."},
    {"collect.mounts", "fstypes_exclude",
     exclude([](Settings& s) -> auto& { return s.collect.mounts.fstypes.exclude; }),
     "Globs of the filesystem types to leave out."},
    {"collect.mounts", "interval",
     Duration{in_mounts<&Mounts::interval_ns>, 1'000 * kMs, 60 * kMinute},
     "Time between two questions to the same filesystem."},
    {"collect.mounts", "timeout", Duration{in_mounts<&Mounts::timeout_ns>, 100 * kMs, kMinute},
     "When a filesystem that has not answered is shown as failing. It never delays the others."},

    {"collect.interfaces", "include",
     include([](Settings& s) -> auto& { return s.collect.interfaces.names.include; }),
     "Globs of the interfaces to show. Without it: all that are not excluded."},
    {"collect.interfaces", "exclude",
     exclude([](Settings& s) -> auto& { return s.collect.interfaces.names.exclude; }),
     "Globs of the interfaces to leave out."},
    {"collect.interfaces", "container_veths", Boolean{in_interfaces<&Interfaces::container_veths>},
     "Also show the host's end of each container's network interface, as a device of the host. Its "
     "traffic is already shown under the container."},

    {"collect.cgroups", "scope",
     Choice{kScopes,
            [](const Settings& s) { return std::uint8_t(s.collect.cgroups.scope); },
            [](Settings& s, std::uint8_t at) { s.collect.cgroups.scope = Scope(at); },
            {}},
     "all: containers, pods, slices, services and every other cgroup; containers: containers "
     "only."},
    {"collect.cgroups", "nested", Boolean{in_cgroups<&Cgroups::nested>},
     "Also show the cgroups that containers make inside themselves."},
    {"collect.cgroups", "linger", Duration{in_cgroups<&Cgroups::linger_ns>, 0, 60 * kMinute},
     "How long the final counters of a removed cgroup are still served; longer than the time "
     "between two scrapes, so that none misses them. \"0s\" drops them at once."},
    {"collect.cgroups", "open_files", Whole{in_cgroups<&Cgroups::open_files>, 0, 1'000'000},
     "Most files kept open between readings. Each costs 4 KiB of kernel memory; what is beyond is "
     "opened each time, which costs more CPU. At most three fifths of the limit on open files."},

    {"runtime", "labels", Names{in_runtimes<&Runtimes::labels>, "glob", true},
     "Globs of the containers' own labels to show, on hostmeter_container_labels as "
     "container_label_NAME. The default ones group containers that are made anew under other "
     "names; one with a value of its own for each container makes a series for each."},
    {"runtime", "include", include([](Settings& s) -> auto& { return s.runtimes.names.include; }),
     "Globs of the names of containers to show. Without it: all that are not excluded."},
    {"runtime", "exclude", exclude([](Settings& s) -> auto& { return s.runtimes.names.exclude; }),
     "Globs of the names of containers to leave out. They still count in the slices above them."},
    {"runtime", "images_include",
     include([](Settings& s) -> auto& { return s.runtimes.images.include; }),
     "Globs of the images of containers to show."},
    {"runtime", "images_exclude",
     exclude([](Settings& s) -> auto& { return s.runtimes.images.exclude; }),
     "Globs of the images of containers to leave out."},
    {"runtime", "labels_include",
     include([](Settings& s) -> auto& { return s.runtimes.label_values.include; }),
     "Globs of NAME=VALUE, such as \"metrics=*\": containers with a label that matches are shown."},
    {"runtime", "labels_exclude",
     exclude([](Settings& s) -> auto& { return s.runtimes.label_values.exclude; }),
     "Globs of NAME=VALUE: containers with a label that matches are left out."},

    {"runtime.containerd", "enabled", Boolean{state_enabled<&Runtimes::containerd>}, kStateEnabled},
    {"runtime.containerd", "directories", directories(state_directories<&Runtimes::containerd>),
     "Its state directories; the default has those of containerd itself, k3s and MicroK8s."},

    {"runtime.crio", "enabled", Boolean{state_enabled<&Runtimes::crio>}, kStateEnabled},
    {"runtime.crio", "directories", directories(state_directories<&Runtimes::crio>),
     "Its run directories (runroot of its storage)."},

    {"runtime.kubelet", "enabled", Boolean{state_enabled<&Runtimes::kubelet>}, kStateEnabled},
    {"runtime.kubelet", "directories", directories(state_directories<&Runtimes::kubelet>),
     "Where \"containers\" and \"pods\" are, its directories of logs."},

    {"runtime.lxc", "enabled", Boolean{state_enabled<&Runtimes::lxc>}, kStateEnabled},
    {"runtime.lxc", "directories", directories(state_directories<&Runtimes::lxc>),
     "Its directories of containers."},

    {"runtime.nspawn", "enabled", Boolean{state_enabled<&Runtimes::nspawn>}, kStateEnabled},
    {"runtime.nspawn", "directories", directories(state_directories<&Runtimes::nspawn>),
     "Where machined keeps a file for each machine."},
    {"runtime.docker", "enabled", Boolean{in_docker<&Engine::enabled>}, kEngineEnabled},
    {"runtime.docker", "endpoint", FilePath{in_docker<&Engine::endpoint>}, kEngineEndpoint},
    {"runtime.docker", "directories", engine_files(in_docker<&Engine::directories>), kEngineFiles},
    {"runtime.docker", "timeout", Duration{in_docker<&Engine::timeout_ns>, 100 * kMs, kMinute},
     kEngineTimeout},
    {"runtime.docker", "df_interval",
     Duration{in_docker<&Engine::df_interval_ns>, 0, 1'440 * kMinute}, kEngineDf},

    {"runtime.podman", "enabled", Boolean{in_podman<&Engine::enabled>}, kEngineEnabled},
    {"runtime.podman", "endpoint", FilePath{in_podman<&Engine::endpoint>}, kEngineEndpoint},
    {"runtime.podman", "directories", engine_files(in_podman<&Engine::directories>), kEngineFiles},
    {"runtime.podman", "timeout", Duration{in_podman<&Engine::timeout_ns>, 100 * kMs, kMinute},
     kEngineTimeout},
    {"runtime.podman", "df_interval",
     Duration{in_podman<&Engine::df_interval_ns>, 0, 1'440 * kMinute}, kEngineDf},

    {"textfile", "directories", directories(in_textfile<&Textfile::directories>),
     "Where these files are, below the host's root; what is not there has none. [] reads none. By "
     "default where packages of node_exporter have them. Write a file under another name first, "
     "and rename it: it is read when it changes."},
    {"textfile", "interval",
     Duration{in_textfile<&Textfile::interval_ns>, 1'000 * kMs, 60 * kMinute},
     "How often the directories are looked at."},
    {"textfile", "max_age", Duration{in_textfile<&Textfile::max_age_ns>, 0, 10'080 * kMinute},
     "What was last written longer ago is not shown, and is an error. \"0s\": however old."},

    {"bpf", "enabled", Boolean{in_bpf<&Bpf::enabled>},
     "false: no program is loaded into the kernel, and what only they can count is absent."},
    {"bpf", "blkio", Boolean{in_bpf<&Bpf::blkio>},
     "Count block I/O by container and device. Without it the cgroup files are read instead, where "
     "they exist."},
    {"bpf", "blkio_latency", Boolean{in_bpf<&Bpf::blkio_latency>},
     "Count block I/O when it completes, and sum up how long it takes, by container, device and "
     "operation; flushes are known by this alone. false, or without the reader "
     "cgroup_blkio_latency: it is counted when it is issued, for three fifths of the cost, and "
     "without loss on machines that hide completions from BPF "
     "(hostmeter_blkio_unseen_bytes_total). Only together with blkio."},
    {"bpf", "map_entries", Whole{in_bpf<&Bpf::map_entries>, 64, 1'048'576},
     "Most (cgroup, device, operation) triples counted at once; memory is locked for all of them."},
    {"bpf", "blkio_direct_rows", Whole{in_bpf<&Bpf::blkio_direct_rows>, 64, 65'536},
     "Of these so many are found without a search, on each CPU, for half the cost of a "
     "block I/O; those that are active have them. 192 bytes each; the largest power of two that is "
     "not more, and for which 4 MiB are enough on all CPUs together."},
    {"bpf", "run_queue", Boolean{in_bpf<&Bpf::run_queue>},
     "Sum up how long the tasks of a container wait for a CPU."},
    {"bpf", "run_queue_threshold", Duration{in_bpf<&Bpf::run_queue_threshold_ns>, 0, 1'000 * kMs},
     "Waits for a CPU that are shorter are not looked at, which makes nearly every context switch "
     "free. \"0s\" counts all waits, in a metric of its own."},
    {"bpf", "life", Boolean{in_bpf<&Bpf::life>},
     "Be told by the kernel of cgroups made and removed, with the final figures of the latter, and "
     "of OOM kills; count what processes of each cgroup start and end. Without it what lives for "
     "less than an interval is not seen."},
    {"bpf", "life_ring_kib", Whole{in_bpf<&Bpf::life_ring_kib>, 64, 65'536},
     "Kernel memory for what happens between two readings, some 300 bytes for each cgroup that was "
     "removed; rounded up to a power of two."},
    {"bpf", "life_events_per_second", Whole{in_bpf<&Bpf::life_events_per_second>, 1, 1'000'000},
     "Of so many cgroups made, and as many removed, below one cgroup the agent is told in a "
     "second. For a moment it may be twice as many; what is beyond is counted only."},

    {"bpf", "walk", Boolean{in_bpf<&Bpf::walk>},
     "Read what the kernel counts by walking over its cgroups, a tenth of the cost of reading "
     "their "
     "files. Without it, and where the kernel or our rights do not allow it, the files are read."},
    {"bpf", "walk_cgroups", Whole{in_bpf<&Bpf::walk_cgroups>, 64, 1'048'576},
     "Most cgroups walked in one hierarchy. Each takes half a KiB of kernel memory; what is beyond "
     "is read from files. It is taken as it is needed; all at once where rights are locked."},

    {"rights", "lock", Boolean{in_rights<&Rights::lock>},
     "Give up all rights for good once programs are loaded and addresses bound. What needs one "
     "later is absent, and said at start; a new configuration then takes a restart."},
    {"rights", "keep", Names{in_rights<&Rights::keep>, "right", true, kKeepableRights},
     "Rights that a lock leaves. CAP_SYS_PTRACE and CAP_NET_ADMIN: the network of containers; "
     "CAP_DAC_READ_SEARCH: mount points and cgroups that are closed to others; CAP_BPF: what BPF "
     "counted, where a Linux before 5.19 asks for it."},

    {"limits", "containers", Whole{in_limits<&Limits::containers>, 1, 1'000'000},
     "Most cgroups followed, of any kind."},
    {"limits", "lingering", Whole{in_limits<&Limits::lingering>, 0, 1'000'000},
     "Most removed cgroups whose final counters are served at once; the oldest are dropped first."},
    {"limits", "shown_containers", Whole{in_limits<&Limits::shown_containers>, 0, 1'000'000},
     "Most containers with series of their own, those that ended and linger included. Who is in "
     "stays in for life; the rest is added up in the series with id \"overflow\". Also of how many "
     "containers of each engine the state is shown."},
    {"limits", "series", Whole{in_limits<&Limits::series>, 1'000, 50'000'000}, "Most series kept."},
    {"limits", "printed",
     Size{in_limits<&Limits::printed>, script_keys::kMiB, 4 * script_keys::kGiB},
     "Most memory for what scripts and text files print. When it is reached, or the limit of "
     "series, "
     "what the largest of them printed is let go as a whole, until it prints again."},
    {"limits", "ended_rows", Whole{in_limits<&Limits::ended_rows>, 1, 100'000},
     "Most images (by namespace) and most pods by which ended containers are added up. Those "
     "beyond are added up together, as image or pod \"overflow\"."},
    {"limits", "record_ring", Whole{in_limits<&Limits::record_ring>, 1'024, 16'777'216},
     "Records of 64 bytes between the sampler and the pump. A reading that does not fit is dropped "
     "whole."},
    {"limits", "news_ring", Whole{in_limits<&Limits::news_ring>, 64, 1'048'576},
     "Births, deaths and names of cgroups and devices between the sampler and the pump."},

    {"log", "level",
     Choice{kLevels,
            [](const Settings& s) { return std::uint8_t(s.log.level); },
            [](Settings& s, std::uint8_t at) { s.log.level = LogLevel(at); },
            {}},
     "The least important message that is written."},
};

template <class T, std::size_t... N>
constexpr std::array<T, (N + ...)> joined(const T (&... lists)[N]) {
  std::array<T, (N + ...)> all{};
  auto end = all.begin();
  ((end = std::copy(std::begin(lists), std::end(lists), end)), ...);
  return all;
}
constexpr auto kAllTables = joined(kTables, kScriptTables);
constexpr auto kAllKeys = joined(kKeys, kListenerKeys, kScriptKeys);

}  // namespace

std::span<const Table> tables() {
  return kAllTables;
}
std::span<const Key> keys() {
  return kAllKeys;
}

const Table* find_table(std::string_view name) {
  const auto* found = std::ranges::find(kAllTables, name, &Table::name);
  return found == kAllTables.end() ? nullptr : found;
}

const Key* find_key(std::string_view table, std::string_view name) {
  const auto* found = std::ranges::find_if(
      kAllKeys, [&](const Key& key) { return key.table == table && key.name == name; });
  return found == kAllKeys.end() ? nullptr : found;
}

}  // namespace hostmeter::config
