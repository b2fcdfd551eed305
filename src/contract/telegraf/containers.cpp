#include "contract/telegraf/containers.hpp"

#include <algorithm>
#include <bit>
#include <functional>
#include <set>

namespace hostmeter::contract::telegraf {
namespace {

constexpr std::size_t kIdDigits = 64;

// In the order of Figure; those of pgfault and on are told apart by their labels.
constexpr std::string_view kFigures[] = {
    "container_cpu_usage_seconds_total",
    "container_cpu_user_seconds_total",
    "container_cpu_system_seconds_total",
    "container_cpu_cfs_periods_total",
    "container_cpu_cfs_throttled_periods_total",
    "container_cpu_cfs_throttled_seconds_total",
    "container_memory_usage_bytes",
    "container_memory_working_set_bytes",
    "container_memory_rss",
    "container_memory_cache",
    "container_memory_mapped_file",
    "container_memory_total_active_file_bytes",
    "container_memory_total_inactive_file_bytes",
    "container_memory_file_writeback_bytes",
    "container_memory_max_usage_bytes",
    "container_memory_failcnt",
    "container_memory_events_oom_total",
    "container_spec_memory_limit_bytes",
};
static_assert(std::size(kFigures) == std::size_t(Figure::pgfault));

// In the order of Interface::Field.
constexpr std::string_view kInterface[] = {
    "container_network_receive_bytes_total",   "container_network_receive_packets_total",
    "container_network_receive_errors_total",  "container_network_receive_packets_dropped_total",
    "container_network_transmit_bytes_total",  "container_network_transmit_packets_total",
    "container_network_transmit_errors_total", "container_network_transmit_packets_dropped_total",
};
static_assert(std::size(kInterface) == Interface::kFields);

using BySlot = std::map<std::uint32_t, Counted>;

Counted* counted_at(BySlot& all, const store::Line& line) {
  const auto at = all.find(line.slot);
  return at == all.end() ? nullptr : &at->second;
}

void read_figures(Source& source, BySlot& all) {
  for (std::size_t i = 0; i < std::size(kFigures); ++i) {
    const Source::Family family = source.family(kFigures[i]);
    for (const store::Line& line : *family.lines) {
      Counted* const one = counted_at(all, line);
      if (!one) continue;
      one->figures[i] = family.term(line);
      if (Figure(i) == Figure::memory_limit) one->memory_limit = source.watched(family, line);
    }
  }
  const Source::Family failures = source.family("container_memory_failures_total");
  for (const store::Line& line : *failures.lines) {
    Counted* const one = counted_at(all, line);
    if (!one) continue;
    const bool is_major = label_of(line, "failure_type") == "pgmajfault";
    const bool is_own = label_of(line, "scope") == "container";
    const Figure figure = is_own     ? is_major ? Figure::own_pgmajfault : Figure::own_pgfault
                          : is_major ? Figure::pgmajfault
                                     : Figure::pgfault;
    one->figures[std::size_t(figure)] = failures.term(line);
  }
}

void read_memory_stat(Source& source, BySlot& all) {
  for (const std::string_view metric :
       {"container_memory_stat_bytes", "container_memory_stat_events_total"}) {
    const Source::Family family = source.family(metric);
    for (const store::Line& line : *family.lines) {
      Counted* const one = counted_at(all, line);
      const auto* const part =
          one ? std::ranges::find(kMemoryStat, label_of(line, "stat"), &MemoryStat::name)
              : std::end(kMemoryStat);
      if (part == std::end(kMemoryStat)) continue;
      const bool is_own = label_of(line, "scope") == "container";
      one->figures[std::size_t(is_own ? part->own : part->all)] = family.term(line);
    }
  }
  const Source::Family limits = source.family("container_memory_hierarchical_limit_bytes");
  for (const store::Line& line : *limits.lines)
    if (Counted* const one = counted_at(all, line))
      one->figures[std::size_t(Figure::hierarchical_limit)] = limits.term(line);
}

void read_cpus(Source& source, BySlot& all) {
  const Source::Family family = source.family("container_cpu_each_usage_seconds_total");
  for (const store::Line& line : *family.lines)
    if (Counted* const one = counted_at(all, line))
      one->cpus.push_back({label_of(line, "cpu"), family.term(line)});
}

// Bytes are known by the device's number and name, requests by its name alone.
void read_disks(Source& source, BySlot& all) {
  std::map<std::pair<std::uint32_t, std::string>, std::size_t> known;
  const Source::Family bytes = source.family("container_blkio_device_usage_total");
  for (const store::Line& line : *bytes.lines) {
    Counted* const one = counted_at(all, line);
    if (!one) continue;
    const std::pair key(line.slot, label_of(line, "device"));
    const auto [at, is_new] = known.emplace(key, one->disks.size());
    if (is_new) {
      BlockDevice device;
      device.number = label_of(line, "major") + ':' + label_of(line, "minor");
      one->disks.push_back(std::move(device));
    }
    const std::string operation = label_of(line, "operation");
    BlockDevice& disk = one->disks[at->second];
    (operation == "Read"    ? disk.read_bytes
     : operation == "Write" ? disk.write_bytes
                            : disk.discard_bytes) = bytes.term(line);
  }
  const auto read = [&](std::string_view metric, Term BlockDevice::*requests) {
    const Source::Family family = source.family(metric);
    for (const store::Line& line : *family.lines) {
      const auto at = known.find({line.slot, label_of(line, "device")});
      if (at != known.end()) all[line.slot].disks[at->second].*requests = family.term(line);
    }
  };
  read("container_fs_reads_total", &BlockDevice::reads);
  read("container_fs_writes_total", &BlockDevice::writes);
  read("container_fs_discards_total", &BlockDevice::discards);
  read("container_fs_async_bytes_total", &BlockDevice::async_bytes);
  read("container_fs_async_total", &BlockDevice::asyncs);
}

void read_interfaces(Source& source, BySlot& all) {
  for (std::size_t i = 0; i < std::size(kInterface); ++i) {
    const Source::Family family = source.family(kInterface[i]);
    for (const store::Line& line : *family.lines) {
      Counted* const one = counted_at(all, line);
      if (!one) continue;
      const std::string name = label_of(line, "interface");
      auto at = std::ranges::find(one->interfaces, name, &Interface::name);
      if (at == one->interfaces.end()) at = one->interfaces.insert(at, Interface{name, {}});
      at->figures[i] = family.term(line);
    }
  }
}

// The id of a container is in its cgroup's path.
std::string id_in(const std::string& path) {
  const auto is_hex = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
  std::size_t digits = 0;
  for (std::size_t i = path.size(); i > 0; --i) {
    digits = is_hex(path[i - 1]) ? digits + 1 : 0;
    const bool ends = i == 1 || !is_hex(path[i - 2]);
    if (digits == kIdDigits && ends) return path.substr(i - 1, kIdDigits);
  }
  return {};
}

// All that engines say, by container.
std::map<std::string, Told> told_of(Source& source) {
  std::map<std::string, Told> all;
  const auto read = [&](std::string_view metric, Term Told::*figure) {
    const Source::Family family = source.family(metric);
    for (const store::Line& line : *family.lines)
      all[id_in(label_of(line, "id"))].*figure = family.term(line);
  };
  read("container_start_time_seconds", &Told::started);
  read("container_finished_timestamp_seconds", &Told::finished);
  read("container_restarts_total", &Told::restarts);
  read("container_exit_code", &Told::exit_code);
  read("container_oom_killed", &Told::oom_killed);
  read("container_fs_usage_bytes", &Told::disk_bytes);
  read("container_root_fs_bytes", &Told::root_fs_bytes);
  read("container_health_failing_streak", &Told::health_failures);
  read("container_main_pid", &Told::pid);
  const auto read_word = [&](std::string_view metric, const char* label, std::string Told::*word) {
    const Source::Family family = source.family(metric);
    for (const store::Line& line : *family.lines)
      if (source.watched(family, line) == 1)
        all[id_in(label_of(line, "id"))].*word = label_of(line, label);
  };
  read_word("container_state", "state", &Told::status);
  read_word("container_health_status", "status", &Told::health);
  all.erase("");
  return all;
}

// Every cgroup that has figures of its own.
BySlot slots_of(Source& source) {
  BySlot all;
  for (const std::string_view metric :
       {"container_cpu_usage_seconds_total", "container_memory_usage_bytes"})
    for (const store::Line& line : *source.family(metric).lines)
      if (source.identities().knows(line.slot)) all[line.slot].slot = line.slot;
  return all;
}

}  // namespace

std::uint64_t hash_of(const Container& container, std::uint64_t seed) {
  const auto add = [&seed](std::uint64_t more) { seed = mixed(seed, more); };
  const auto add_text = [&add](const std::string& text) { add(std::hash<std::string>()(text)); };
  const auto add_term = [&add](const Term& term) { add(term.series); };
  add_text(container.description ? container.description->name : "");
  add_text(container.description ? container.description->image : "");
  if (container.description) {
    add(hash_of(container.description->labels));
    add(hash_of(container.description->environment));
  }
  const Told& told = container.told;
  add_text(told.status);
  add_text(told.health);
  for (const Term Told::*term :
       {&Told::started, &Told::finished, &Told::restarts, &Told::exit_code, &Told::oom_killed,
        &Told::disk_bytes, &Told::root_fs_bytes, &Told::health_failures, &Told::pid})
    add_term(told.*term);
  if (!container.counted) return seed;
  const Counted& counted = *container.counted;
  add(std::uint64_t{counted.generation} << 1U | std::uint64_t{counted.has_nested});
  add(std::bit_cast<std::uint64_t>(counted.memory_limit.value_or(-1)));
  std::ranges::for_each(counted.figures, add_term);
  for (const CpuUsage& cpu : counted.cpus) {
    add_text(cpu.number);
    add_term(cpu.usage);
  }
  for (const BlockDevice& disk : counted.disks) {
    add_text(disk.number);
    for (const Term& term : {disk.read_bytes, disk.write_bytes, disk.discard_bytes,
                             disk.async_bytes, disk.reads, disk.writes, disk.discards, disk.asyncs})
      add_term(term);
  }
  for (const Interface& interface : counted.interfaces) {
    add_text(interface.name);
    std::ranges::for_each(interface.figures, add_term);
  }
  return seed;
}

std::map<std::string, Container> containers_of(const std::string& runtime, Source& source) {
  const store::Identities& identities = source.identities();
  std::map<std::string, Container> all;
  BySlot counted = slots_of(source);
  std::set<std::string> nesting;
  for (auto at = counted.begin(); at != counted.end();) {
    const store::Identities::Known who = identities.known(at->first);
    const Identity& identity = who.born->identity;
    at->second.generation = who.born->subject.generation;
    if (identity.kind == CgroupKind::nested) nesting.insert(identity.container_id);
    const bool is_ours = identity.kind == CgroupKind::container && who.description &&
                         to_string(who.description->runtime) == runtime;
    if (is_ours) all[identity.container_id].description = who.description;
    at = is_ours ? std::next(at) : counted.erase(at);
  }
  read_figures(source, counted);
  read_memory_stat(source, counted);
  read_cpus(source, counted);
  read_disks(source, counted);
  read_interfaces(source, counted);
  for (auto& [slot, one] : counted) {
    const std::string& id = identities.known(slot).born->identity.container_id;
    one.has_nested = nesting.contains(id);
    all[id].counted = std::move(one);
  }
  const Runtime engine = runtime == to_string(Runtime::podman) ? Runtime::podman : Runtime::docker;
  for (auto& [id, told] : told_of(source)) {
    const Description* const description = identities.description(id, engine);
    if (!description) continue;
    all[id].description = description;
    all[id].told = std::move(told);
  }
  for (auto& [id, container] : all) container.id = id;
  return all;
}

}  // namespace hostmeter::contract::telegraf
