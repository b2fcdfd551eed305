// The host's figures by processor, filesystem, disk and interface: cpu, disk, diskio, net.
#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "contract/telegraf/filter.hpp"
#include "contract/telegraf/plugins.hpp"

namespace hostmeter::contract::telegraf {
namespace {

constexpr double kNsPerSecond = 1e9, kNsPerMillisecond = 1e6, kBytesPerMegabit = 125'000;
constexpr std::string_view kDev = "/dev/";

constexpr std::array<std::string_view, 8> kModes{"user",   "system", "idle",    "nice",
                                                 "iowait", "irq",    "softirq", "steal"};
enum Mode { user, system, idle, nice, iowait, irq, softirq, steal, guest, guest_nice, kAllModes };
constexpr std::array<std::string_view, kAllModes> kFields{
    "user", "system", "idle", "nice", "iowait", "irq", "softirq", "steal", "guest", "guest_nice"};

// What a processor, or all of them, spent in each mode, in ns.
using Times = std::array<std::vector<Term>, kAllModes>;

void add_cpu(const Cpu& options, Draft& draft, const Tags& tags, const Times& times) {
  Figures& figures = draft.figures;
  std::vector<Term> all, active;
  for (std::size_t mode = 0; mode < kModes.size(); ++mode) {
    all.insert(all.end(), times[mode].begin(), times[mode].end());
    if (mode != idle) active.insert(active.end(), times[mode].begin(), times[mode].end());
  }
  const auto less = [&](Mode of, Mode part) {
    std::vector<Term> terms = times[of];
    terms.reserve(terms.size() + times[part].size());
    for (const Term& term : times[part]) terms.push_back(term.times(-1));
    return figures.sum(terms);
  };
  std::array<Sum, kAllModes> spent{};
  for (std::size_t mode = 0; mode < kAllModes; ++mode) spent[mode] = figures.sum(times[mode]);
  const Sum total = figures.sum(all), busy = figures.sum(active);
  if (options.collect_cpu_time) {
    DraftPoint& point = draft.point("cpu", MetricType::counter, tags);
    const Sum ns_per_second = figures.sum({{.series = Term::kOne, .scale = kNsPerSecond}});
    const auto seconds = [&](const std::string& name, Sum ns) {
      draft.add(point, name, {.how = How::ratio, .a = ns, .b = ns_per_second});
    };
    for (std::size_t mode = 0; mode < kAllModes; ++mode)
      seconds("time_" + std::string(kFields[mode]), spent[mode]);
    if (options.report_active) seconds("time_active", busy);
  }
  DraftPoint& point = draft.point("cpu", MetricType::gauge, tags);
  spent[user] = less(user, guest);
  spent[nice] = less(nice, guest_nice);
  const auto percent = [&](const std::string& name, Sum of) {
    if (of != kNoSum && total != kNoSum)
      draft.add(point, name, {.how = How::rate, .a = of, .b = total, .scale = 100});
  };
  for (std::size_t mode = 0; mode < kAllModes; ++mode)
    percent("usage_" + std::string(kFields[mode]), spent[mode]);
  if (options.report_active) percent("usage_active", busy);
}

// By number: "10" comes behind "9".
std::map<std::pair<std::size_t, std::string>, Times> times_by_cpu(Source& source) {
  std::map<std::pair<std::size_t, std::string>, Times> by_cpu;
  const auto read = [&](std::string_view metric, auto mode_of) {
    const Source::Family family = source.family(metric);
    for (const store::Line& line : *family.lines) {
      const std::string cpu = label_of(line, "cpu");
      const std::size_t mode = mode_of(label_of(line, "mode"));
      if (mode < kAllModes) by_cpu[{cpu.size(), cpu}][mode].push_back(family.term(line));
    }
  };
  read("node_cpu_seconds_total", [](const std::string& mode) {
    const auto at = std::ranges::find(kModes, mode);
    return at == kModes.end() ? std::size_t(kAllModes) : std::size_t(at - kModes.begin());
  });
  read("node_cpu_guest_seconds_total", [](const std::string& mode) {
    return std::size_t(mode == "user" ? guest : mode == "nice" ? guest_nice : kAllModes);
  });
  return by_cpu;
}

Tags core_tags(Source& source, const std::string& cpu) {
  for (const store::Line& line : *source.family("node_cpu_info").lines)
    if (label_of(line, "cpu") == cpu)
      return {{"core_id", label_of(line, "core")}, {"physical_id", label_of(line, "package")}};
  return {};
}

std::string without_dev(const std::string& device) {
  return device.starts_with(kDev) ? device.substr(kDev.size()) : device;
}

// Telegraf's tags of a filesystem's device. A volume of the device mapper goes by the kernel's name
// for it, which has its minor number, and its own name is the label.
void set_device(Tags& tags, const std::string& device, const store::Line* numbers) {
  constexpr std::string_view kMapper = "/dev/mapper/";
  const bool is_mapped =
      device.starts_with(kMapper) && numbers && label_of(*numbers, "major") != "0";
  set(tags, "device", is_mapped ? "dm-" + label_of(*numbers, "minor") : without_dev(device));
  if (is_mapped) set(tags, "label", device.substr(kMapper.size()));
}

// Whole disks of NVMe are the only ones to which the kernel itself gives such a name.
bool has_wwid(std::string_view disk) {
  return disk.starts_with("nvme") && disk.find('n', 4) != std::string_view::npos &&
         disk.find('p') == std::string_view::npos;
}

bool is_in(const std::vector<std::string>& list, const std::string& value) {
  return std::ranges::find(list, value) != list.end();
}

// A metric's lines by what one of their labels says.
class Indexed {
 public:
  Indexed(Source& source, std::string_view metric, std::string_view label)
      : family_(source.family(metric)) {
    for (const store::Line& line : *family_.lines) by_[label_of(line, label)] = &line;
  }
  const store::Line* line(const std::string& value) const {
    const auto at = by_.find(value);
    return at == by_.end() ? nullptr : at->second;
  }
  Term term(const std::string& value) const {
    const store::Line* const found = line(value);
    return found ? family_.term(*found) : Term{};
  }
  const Source::Family& family() const { return family_; }
  const std::map<std::string, const store::Line*>& lines() const { return by_; }

 private:
  Source::Family family_;
  std::map<std::string, const store::Line*> by_;
};

}  // namespace

Drafts drafts(const Cpu& options, Source& source) {
  Draft draft{.key = {}};
  Times total;
  const auto by_cpu = times_by_cpu(source);
  for (const auto& [cpu, times] : by_cpu) {
    for (std::size_t mode = 0; mode < kAllModes; ++mode)
      total[mode].insert(total[mode].end(), times[mode].begin(), times[mode].end());
    if (!options.percpu) continue;
    Tags tags = options.core_tags ? core_tags(source, cpu.second) : Tags();
    set(tags, "cpu", "cpu" + cpu.second);
    add_cpu(options, draft, tags, times);
  }
  if (options.totalcpu && !by_cpu.empty()) add_cpu(options, draft, {{"cpu", "cpu-total"}}, total);
  return only(std::move(draft));
}

Drafts drafts(const Disk& options, Source& source) {
  Draft draft{.key = {}};
  const Indexed free(source, "node_filesystem_free_bytes", "mountpoint"),
      available(source, "node_filesystem_avail_bytes", "mountpoint"),
      files(source, "node_filesystem_files", "mountpoint"),
      files_free(source, "node_filesystem_files_free", "mountpoint"),
      mounts(source, "node_filesystem_mount_info", "mountpoint"),
      readonly(source, "node_filesystem_readonly", "mountpoint"),
      size(source, "node_filesystem_size_bytes", "mountpoint");
  for (const auto& [path, line] : size.lines()) {
    const std::string fstype = label_of(*line, "fstype");
    if (!options.mount_points.empty() && !is_in(options.mount_points, path)) continue;
    if (is_in(options.ignore_fs, fstype)) continue;
    const store::Line* const protection = readonly.line(path);
    const bool is_readonly =
        protection && source.watched(readonly.family(), *protection).value_or(0) != 0;
    if (is_in(options.ignore_mount_opts, is_readonly ? "ro" : "rw")) continue;
    if (source.watched(size.family(), *line).value_or(0) == 0) continue;
    DraftPoint& point = draft.point("disk", MetricType::gauge);
    set(point.tags, "path", path);
    set_device(point.tags, label_of(*line, "device"), mounts.line(path));
    set(point.tags, "fstype", fstype);
    set(point.tags, "mode", is_readonly ? "ro" : "rw");
    Figures& figures = draft.figures;
    const Term all = size.term(path), left = available.term(path);
    const Term unused = free.term(path).times(-1);
    const Sum used = figures.sum({all, unused});
    draft.copy(point, "total", all);
    draft.copy(point, "free", left);
    draft.add(point, "used", {.a = used});
    draft.add(point, "used_percent",
              {.how = How::ratio, .a = used, .b = figures.sum({all, unused, left}), .scale = 100});
    const Term inodes = files.term(path);
    const Sum inodes_used = figures.sum({inodes, files_free.term(path).times(-1)});
    draft.copy(point, "inodes_total", inodes);
    draft.copy(point, "inodes_free", files_free.term(path));
    draft.add(point, "inodes_used", {.a = inodes_used});
    draft.add(point, "inodes_used_percent",
              {.how = How::ratio, .a = inodes_used, .b = figures.sum({inodes}), .scale = 100});
  }
  return only(std::move(draft));
}

namespace {

// known: what is told of the disk; null: nothing.
void set_numbers(Tags& tags, const DiskIo& options, const std::string& device,
                 const store::Line* known) {
  const std::string wwid = known && has_wwid(device) ? label_of(*known, "wwn") : std::string();
  if (!wwid.empty()) set(tags, "wwid", wwid);
  if (options.skip_serial_number) return;
  const std::string serial = known ? label_of(*known, "serial") : std::string();
  set(tags, "serial", serial.empty() ? "unknown" : serial);
}

// Whether it is up and no loopback.
bool is_usual(const std::string& interface, const Indexed& flags, Source& source) {
  constexpr unsigned kUp = 0x1, kLoopback = 0x8;  // IFF_UP, IFF_LOOPBACK
  const store::Line* const known = flags.line(interface);
  const auto said = known ? source.watched(flags.family(), *known) : std::nullopt;
  // Where the kernel tells them of others, they will come; else only the name tells.
  if (!said) return interface != "lo" && (known || flags.lines().empty());
  return (unsigned(*said) & kUp) != 0 && (unsigned(*said) & kLoopback) == 0;
}

}  // namespace

Drafts drafts(const DiskIo& options, Source& source) {
  struct Copied {
    std::string_view field, metric;
    double divisor;
  };
  constexpr Copied kCopied[] = {
      {"reads", "node_disk_reads_completed_total", 1},
      {"writes", "node_disk_writes_completed_total", 1},
      {"read_bytes", "node_disk_read_bytes_total", 1},
      {"write_bytes", "node_disk_written_bytes_total", 1},
      {"read_time", "node_disk_read_time_seconds_total", kNsPerMillisecond},
      {"write_time", "node_disk_write_time_seconds_total", kNsPerMillisecond},
      {"io_time", "node_disk_io_time_seconds_total", kNsPerMillisecond},
      {"weighted_io_time", "node_disk_io_time_weighted_seconds_total", kNsPerMillisecond},
      {"iops_in_progress", "node_disk_io_now", 1},
      {"merged_reads", "node_disk_reads_merged_total", 1},
      {"merged_writes", "node_disk_writes_merged_total", 1},
  };
  enum { reads, writes, read_bytes, write_bytes, read_time, write_time, io_time };
  std::vector<Indexed> metrics;
  metrics.reserve(std::size(kCopied));
  for (const Copied& copied : kCopied) metrics.emplace_back(source, copied.metric, "device");
  const Indexed info(source, "node_disk_info", "device");
  Drafts all;
  for (const auto& entry : metrics[reads].lines()) {
    const std::string& device = entry.first;
    const bool is_wanted = options.devices.empty() || matches_any(options.devices, device) ||
                           matches_any(options.devices, std::string(kDev) + device);
    if (!is_wanted) continue;
    Draft draft{.key = device};
    DraftPoint& point = draft.point("diskio", MetricType::counter, {{"name", device}});
    set_numbers(point.tags, options, device, info.line(device));
    const auto term = [&](std::size_t i) {
      return metrics[i].term(device).over(kCopied[i].divisor);
    };
    for (std::size_t i = 0; i < metrics.size(); ++i)
      draft.copy(point, std::string(kCopied[i].field), term(i));
    Figures& figures = draft.figures;
    const Sum requests = figures.sum({term(reads), term(writes)});
    const Sum busy = figures.sum({term(io_time)});
    const Sum waited = figures.sum({term(read_time), term(write_time)});
    const Sum now = figures.sum({Term{.series = Term::kNow}.over(kNsPerMillisecond)});
    if (requests != kNoSum) {
      draft.add(point, "io_await", {.how = How::rate, .a = waited, .b = requests});
      draft.add(point, "io_svctm", {.how = How::rate, .a = busy, .b = requests});
    }
    draft.add(point, "io_util", {.how = How::rate, .a = busy, .b = now, .scale = 100});
    all.push_back(std::move(draft));
  }
  return all;
}

Drafts drafts(const Net& options, Source& source) {
  constexpr std::pair<std::string_view, std::string_view> kFieldsOf[] = {
      {"bytes_sent", "node_network_transmit_bytes_total"},
      {"bytes_recv", "node_network_receive_bytes_total"},
      {"packets_sent", "node_network_transmit_packets_total"},
      {"packets_recv", "node_network_receive_packets_total"},
      {"err_in", "node_network_receive_errs_total"},
      {"err_out", "node_network_transmit_errs_total"},
      {"drop_in", "node_network_receive_drop_total"},
      {"drop_out", "node_network_transmit_drop_total"},
  };
  std::vector<Indexed> metrics;
  metrics.reserve(std::size(kFieldsOf));
  for (const auto& [field, metric] : kFieldsOf) metrics.emplace_back(source, metric, "device");
  const Indexed flags(source, "node_network_flags", "device"),
      speed(source, "node_network_speed_bytes", "device");
  Drafts all;
  std::set<std::string> interfaces;
  for (const Indexed& metric : metrics)
    for (const auto& [interface, line] : metric.lines()) interfaces.insert(interface);
  for (const std::string& interface : interfaces) {
    const bool is_wanted = options.interfaces.empty() ? is_usual(interface, flags, source)
                                                      : matches_any(options.interfaces, interface);
    if (!is_wanted) continue;
    Draft draft{.key = interface};
    DraftPoint& point = draft.point("net", MetricType::counter, {{"interface", interface}});
    for (std::size_t i = 0; i < metrics.size(); ++i)
      draft.copy(point, std::string(kFieldsOf[i].first), metrics[i].term(interface));
    const Term fast = speed.term(interface).over(kBytesPerMegabit);
    const Sum megabits =
        draft.figures.sum({fast.exists() ? fast : Term{.series = Term::kOne, .scale = -1}});
    draft.add(point, "speed", {.how = How::or_scale, .a = megabits, .scale = -1});
    all.push_back(std::move(draft));
  }
  if (!options.ignore_protocol_stats) all.push_back(protocol_draft(source));
  return all;
}

}  // namespace hostmeter::contract::telegraf
