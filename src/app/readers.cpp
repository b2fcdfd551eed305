#include "app/readers.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <bit>
#include <cstring>

#include "app/bpf_readers.hpp"
#include "app/rights.hpp"
#include "app/walks.hpp"
#include "base/clock.hpp"
#include "source/bpf/kernel_support.hpp"
#include "source/bpf/life_reader.hpp"
#include "source/bpf/rights.hpp"
#include "source/net/cgroup_network.hpp"
#include "source/net/netdev.hpp"
#include "source/proc/reader_spec.hpp"
#include "source/surroundings.hpp"

namespace hostmeter::app {
namespace {

constexpr std::string_view kTree = "cgroup_tree", kWalk = "cgroup_walk", kLife = "cgroup_life",
                           kCgroupNetwork = "cgroup_network", kNetdev = "netdev",
                           kCpuEach = "cgroup_cpu_each", kMemoryStat = "cgroup_memory_stat";
constexpr std::string_view kCgroupReaders[] = {
    "cgroup_info", "cgroup_spec",     "cgroup_cpu", kCpuEach,      "cgroup_memory", kMemoryStat,
    "cgroup_pids", "cgroup_pressure", kBlkio,       kBlkioLatency, kRunQueue,       kLife};

source::proc::Every every_of(const config::ReaderPace& pace) {
  return {pace.interval_ns, pace.offset_ns, pace.rounded};
}

source::proc::Moments moments_of(const config::Collect& collect, std::string_view reader) {
  source::proc::Moments moments;
  for (const config::ReaderPace& pace : collect.paces)
    if (pace.reader == reader) moments.push_back(every_of(pace));
  return moments;
}

source::cgroup::Options cgroup_options(const config::Settings& settings) {
  const config::Cgroups& cgroups = settings.collect.cgroups;
  return {.scope = cgroups.scope == config::Scope::all ? source::cgroup::Show::all
                                                       : source::cgroup::Show::containers,
          .nested = cgroups.nested,
          .max_cgroups = settings.limits.containers,
          .linger_ns = cgroups.linger_ns,
          .max_lingering = settings.limits.lingering,
          .max_open_files = cgroups.open_files,
          .memory_stat = moments_of(settings.collect, kMemoryStat),
          .cpu_each = moments_of(settings.collect, kCpuEach)};
}

// Its threads may be stuck in the kernel when all else has ended: they hold a root of their own.
std::shared_ptr<source::proc::StatfsWorkers> statfs_workers(const config::Mounts& mounts,
                                                            const source::Host& host) {
  auto opened = base::Dir::open_at(host.root.fd(), ".");
  if (!opened) return nullptr;
  const auto root = std::make_shared<const base::Dir>(std::move(*opened));
  return std::make_shared<source::proc::StatfsWorkers>(
      source::proc::StatfsWorkers::Options{.interval_ns = mounts.interval_ns,
                                           .limit_ns = mounts.timeout_ns},
      [root](const char* path) { return source::proc::statfs_below(*root, path); });
}

source::proc::Options proc_options(const config::Collect& collect, const source::Host& host,
                                   const source::net::HostLinks& links) {
  source::proc::Options options;
  options.hidden_interfaces = &links;
  options.disks = collect.disks.names;
  options.interfaces = collect.interfaces.names;
  options.mount_points = collect.mounts.points;
  options.fstypes = collect.mounts.fstypes;
  options.asked.interval_ns = collect.enable_interval_ns;
  for (const config::ReaderPace& pace : collect.paces)
    options.asked_by_name.emplace_back(pace.reader, every_of(pace));
  if (!host.live) return options;
  options.statfs = statfs_workers(collect.mounts, host);
  const auto clock = std::make_shared<const base::SystemClock>();
  for (auto* errands : {&options.sensors, &options.drivers, &options.surveys})
    *errands = std::make_shared<source::proc::Errands>(source::proc::Errands::Options{}, clock);
  return options;
}

// Nothing else tells of what comes and goes between two readings: without BPF this reader is off.
std::unique_ptr<source::Reader> life_reader(const config::Bpf& settings, source::Host& host,
                                            Readers& made) {
  if (!settings.enabled || !settings.life || !host.live) return nullptr;
  const source::bpf::LifeOptions options{
      .max_entries = std::uint32_t(settings.map_entries),
      .ring_bytes = std::uint32_t(std::bit_ceil(settings.life_ring_kib * 1024)),
      .events_per_second = std::uint32_t(settings.life_events_per_second),
      .log = [](std::string_view line) { spdlog::debug("libbpf: {}", line); }};
  auto life =
      source::bpf::make_life_reader(host, *made.cgroup.tree, *made.cgroup.hierarchies, options);
  if (life) {
    if (life->lacks_cpu)
      made.remarks.push_back(
          without_bpf(kLife, "final CPU time of removed cgroups is absent", *life->lacks_cpu));
    return std::move(life->reader);
  }
  made.remarks.push_back(without_bpf(
      kLife, "containers that live for less than an interval are not seen", life.error()));
  return nullptr;
}

void add(Readers& made, const std::vector<std::string>& disabled, std::string_view name,
         std::unique_ptr<source::Reader> reader) {
  if (std::find(disabled.begin(), disabled.end(), name) != disabled.end()) reader.reset();
  made.all.push_back({std::string(name), std::move(reader)});
}

// The containers' come first: what they claim is not the host's.
void add_network(Readers& made, const config::Collect& collect, source::Host& host) {
  const source::net::Options options{.host_interfaces = collect.interfaces.names,
                                     .show_container_veths = collect.interfaces.container_veths,
                                     .activity = made.cgroup.activity.get()};
  made.links = std::make_unique<source::net::HostLinks>(host, options);
  add(made, collect.disable, kCgroupNetwork,
      std::make_unique<source::net::CgroupNetworkReader>(host, *made.links, *made.tree, options));
  add(made, collect.disable, kNetdev,
      std::make_unique<source::net::NetdevReader>(host, *made.links, options));
}

void look_around(source::Host& host, Readers& made) {
  if (!host.live) return;
  const auto own_proc = base::Dir::open("/proc");
  if (!own_proc) return;
  const source::Namespaces seen = source::namespaces(*own_proc, host);
  if (source::is_other_network(seen)) host.net = "1/net";
  for (const source::BlindSpot& blind : source::blind_spots(seen))
    made.remarks.push_back({.reader = {}, .what = blind.what, .mend = blind.mend});
}

void look_at_rights(const config::Rights& settings, const source::Host& host, Readers& made) {
  const auto now = base::capabilities();
  if (!now) return;
  made.rights = rights_line(now->permitted, settings);
  if (!host.live) return;
  for (Remark& lacking : rights_lacking(now->permitted, settings))
    made.remarks.push_back(std::move(lacking));
}

void look_at_cgroups(std::size_t wanted_files, Readers& made) {
  if (made.cgroup.hierarchies->layout() == source::cgroup::Layout::none)
    made.remarks.push_back(
        {.reader = {},
         .what = "no cgroup filesystem was found, so there are no figures of containers",
         .mend = "mount /sys/fs/cgroup, or name the directory that holds the host with --root"});
  else if (!made.cgroup.hierarchies->sees_whole_tree())
    made.remarks.push_back(
        {.reader = {},
         .what = "only a part of the cgroup tree is mounted here",
         .mend = "run with --cgroupns=host, or mount the host's /sys/fs/cgroup and use --root"});
  const std::size_t files = made.cgroup.files->limit();
  if (files < wanted_files)
    made.remarks.push_back(
        {.reader = {},
         .what = "only " + std::to_string(files) +
                 " files of cgroups are kept open, for want of descriptors: those beyond cost more",
         .mend = "raise the hard limit on open files (LimitNOFILE=, ulimit -Hn), or lower "
                 "open_files in [collect.cgroups]"});
}

// Programs that could be loaded now, but not be read once the rights are given up.
bool bpf_ends(const config::Rights& settings) {
  const auto now = base::capabilities();
  return settings.lock && now && !base::substitute({CAP_BPF}, left_of(now->permitted, settings)) &&
         source::bpf::use_needs_rights();
}

}  // namespace

Remark without_bpf(std::string_view reader, std::string_view instead, const Error& why) {
  return {.reader = std::string(reader),
          .what = std::string(instead) + ", for " + std::string(why.what) + " (" +
                  std::strerror(why.code) + ")",
          .mend = std::string(source::bpf::mend_of(why))};
}

Readers make_readers(const config::Settings& wanted, source::Host& host) {
  Readers made;
  config::Settings settings = wanted;
  if (host.live && settings.bpf.enabled && bpf_ends(settings.rights)) {
    settings.bpf.enabled = false;
    made.without_any_bpf = without_bpf({}, "no BPF program is loaded", source::bpf::kRightsEnd);
    made.remarks.push_back(*made.without_any_bpf);
  }
  look_around(host, made);
  look_at_rights(settings.rights, host, made);
  made.cgroup = source::cgroup::make_readers(host, cgroup_options(settings));
  made.tree = made.cgroup.tree.get();
  look_at_cgroups(settings.collect.cgroups.open_files, made);
  use_walks(settings, host, cgroup_options(settings), made);
  BpfReaders bpf = make_bpf_readers(settings, host, made);

  const std::vector<std::string>& disabled = settings.collect.disable;
  const bool no_life = std::find(disabled.begin(), disabled.end(), kLife) != disabled.end();
  auto life = no_life ? nullptr : life_reader(settings.bpf, host, made);
  source::cgroup::Tree& tree = *made.cgroup.tree;
  made.all.push_back(
      {std::string(kTree), std::move(made.cgroup.tree)});     // others cannot do without it
  made.all.push_back({std::string(kLife), std::move(life)});  // others see what it brings the tree
  made.all.push_back({std::string(kWalk), nullptr});
  if (made.walks)
    made.all.back().reader = std::make_unique<source::walk::WalkStep>(*made.walks, tree);
  for (source::cgroup::NamedReader& named : made.cgroup.readers) {
    if (named.name == kBlkio && bpf.blkio) named.reader = std::move(bpf.blkio);
    add(made, disabled, named.name, std::move(named.reader));
  }
  add(made, disabled, kBlkioLatency, std::move(bpf.blkio_latency));  // refers to the one of kBlkio
  for (const std::string_view name : {kCpuEach, kMemoryStat})
    if (moments_of(settings.collect, name).empty()) add(made, disabled, name, nullptr);
  add(made, disabled, kRunQueue, std::move(bpf.run_queue));
  add_network(made, settings.collect, host);
  const source::proc::Options options = proc_options(settings.collect, host, *made.links);
  made.statfs = options.statfs;
  if (options.sensors) made.errands = {options.sensors, options.drivers, options.surveys};
  for (const source::proc::ReaderSpec* spec : source::proc::all()) {
    const bool is_on = spec->when == source::proc::When::always ||
                       std::ranges::count(settings.collect.enable, spec->name) != 0;
    add(made, disabled, spec->name, is_on ? spec->make(host, options) : nullptr);
  }
  return made;
}

std::vector<std::string_view> reader_names() {
  std::vector<std::string_view> names(std::begin(kCgroupReaders), std::end(kCgroupReaders));
  names.insert(names.end(), {kCgroupNetwork, kNetdev});
  for (const source::proc::ReaderSpec* spec : source::proc::all()) names.push_back(spec->name);
  return names;
}

bool is_optional(std::string_view reader) {
  return std::ranges::find(config::kOptionalReaders, reader) != std::end(config::kOptionalReaders);
}

std::span<const config::FixedReader> fixed_readers() {
  static constexpr config::FixedReader kFixed[] = {
      {kWalk, "is not switched off here; set walk = false in [bpf]"},
      {kTree, "cannot be switched off: every reader of cgroups needs it; name those instead"},
      {"runtime_files",
       "is not switched off here; set enabled = false in [runtime.containerd], "
       "crio, kubelet, lxc and nspawn"}};
  return kFixed;
}

}  // namespace hostmeter::app
