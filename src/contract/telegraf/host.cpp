// The host's figures of which there is one each: system, mem, swap, kernel …
#include <algorithm>
#include <array>
#include <set>

#include "contract/telegraf/plugins.hpp"

namespace hostmeter::contract::telegraf {
namespace {

constexpr double kNsPerSecond = 1e9, kNsPerMicrosecond = 1e3;

struct Named {
  std::string_view field, metric;
};

// MemAvailable is in every kernel since 3.14.
constexpr Named kMem[] = {
    {"total", "node_memory_MemTotal_bytes"},
    {"available", "node_memory_MemAvailable_bytes"},
    {"active", "node_memory_Active_bytes"},
    {"buffered", "node_memory_Buffers_bytes"},
    {"commit_limit", "node_memory_CommitLimit_bytes"},
    {"committed_as", "node_memory_Committed_AS_bytes"},
    {"dirty", "node_memory_Dirty_bytes"},
    {"free", "node_memory_MemFree_bytes"},
    {"huge_page_size", "node_memory_Hugepagesize_bytes"},
    {"huge_pages_free", "node_memory_HugePages_Free"},
    {"huge_pages_total", "node_memory_HugePages_Total"},
    {"inactive", "node_memory_Inactive_bytes"},
    {"mapped", "node_memory_Mapped_bytes"},
    {"page_tables", "node_memory_PageTables_bytes"},
    {"shared", "node_memory_Shmem_bytes"},
    {"slab", "node_memory_Slab_bytes"},
    {"sreclaimable", "node_memory_SReclaimable_bytes"},
    {"sunreclaim", "node_memory_SUnreclaim_bytes"},
    {"swap_cached", "node_memory_SwapCached_bytes"},
    {"swap_free", "node_memory_SwapFree_bytes"},
    {"swap_total", "node_memory_SwapTotal_bytes"},
    {"vmalloc_chunk", "node_memory_VmallocChunk_bytes"},
    {"vmalloc_total", "node_memory_VmallocTotal_bytes"},
    {"vmalloc_used", "node_memory_VmallocUsed_bytes"},
    {"write_back", "node_memory_Writeback_bytes"},
    {"write_back_tmp", "node_memory_WritebackTmp_bytes"},
};
// Only on machines of 32 bits; elsewhere Telegraf says 0.
constexpr Named kHighMem[] = {
    {"high_free", "node_memory_HighFree_bytes"},
    {"high_total", "node_memory_HighTotal_bytes"},
    {"low_free", "node_memory_LowFree_bytes"},
    {"low_total", "node_memory_LowTotal_bytes"},
};
constexpr Named kMoreMem[] = {
    {"active_file", "node_memory_Active_file_bytes"},
    {"inactive_file", "node_memory_Inactive_file_bytes"},
    {"active_anon", "node_memory_Active_anon_bytes"},
    {"inactive_anon", "node_memory_Inactive_anon_bytes"},
    {"unevictable", "node_memory_Unevictable_bytes"},
    {"percpu", "node_memory_Percpu_bytes"},
};

Term else_zero(const Term& term) {
  return term.exists() ? term.else_zero() : Term{.series = Term::kOne, .scale = 0};
}

// A metric of the host as a field, all in one point.
Draft one_point(Source& source, std::string measurement, MetricType type,
                std::span<const Named> fields) {
  Draft draft{.key = {}};
  DraftPoint& point = draft.point(std::move(measurement), type);
  for (const auto& [field, metric] : fields)
    draft.copy(point, std::string(field), source.only(metric));
  return draft;
}

// Sockets of processors that have cores of their own.
std::size_t physical_cpus(Source& source) {
  std::set<std::pair<std::string, std::string>> cores;
  for (const store::Line& line : *source.family("node_cpu_info").lines)
    cores.emplace(label_of(line, "package"), label_of(line, "core"));
  return cores.size();
}

std::size_t logical_cpus(Source& source) {
  std::set<std::string> cpus;
  for (const store::Line& line : *source.family("node_cpu_seconds_total").lines)
    cpus.insert(label_of(line, "cpu"));
  return cpus.size();
}

void add_count(Draft& draft, DraftPoint& point, std::string name, std::size_t count) {
  if (count > 0) draft.copy(point, std::move(name), {.series = Term::kOne, .scale = double(count)});
}

}  // namespace

Drafts drafts(const System& options, Source& source) {
  constexpr Named kLoad[] = {
      {"load1", "node_load1"}, {"load5", "node_load5"}, {"load15", "node_load15"}};
  Draft draft{.key = {}};
  DraftPoint& gauges = draft.point("system", MetricType::gauge);
  for (const auto& [field, metric] : kLoad)
    if (options.load) draft.copy(gauges, std::string(field), source.only(metric));
  if (options.legacy_cpus) add_count(draft, gauges, "n_cpus", logical_cpus(source));
  if (options.cpus) add_count(draft, gauges, "n_virtual_cpus", logical_cpus(source));
  if (options.cpus || options.legacy_cpus)
    add_count(draft, gauges, "n_physical_cpus", physical_cpus(source));
  if (options.users) {
    draft.copy(gauges, "n_users", source.only("node_user_sessions"));
    draft.copy(gauges, "n_unique_users", source.only("node_users_logged_in"));
  }
  if (!options.uptime && !options.legacy_uptime) return only(std::move(draft));
  DraftPoint& point = options.uptime ? gauges : draft.point("system", MetricType::counter);
  draft.add(point, "uptime",
            {.how = How::whole,
             .a = draft.figures.sum({Term{.series = Term::kNow}.over(kNsPerSecond),
                                     source.only("node_boot_time_seconds").over(-kNsPerSecond)})});
  return only(std::move(draft));
}

Drafts drafts(const Mem& options, Source& source) {
  Draft draft = one_point(source, "mem", MetricType::gauge, kMem);
  DraftPoint& point = draft.points.back();
  for (const auto& [field, metric] : kHighMem)
    draft.copy(point, std::string(field), else_zero(source.only(metric)));
  if (options.collect_extended)
    for (const auto& [field, metric] : kMoreMem)
      draft.copy(point, std::string(field), source.only(metric));
  Figures& figures = draft.figures;
  const Term total = source.only("node_memory_MemTotal_bytes"),
             available = source.only("node_memory_MemAvailable_bytes");
  // Telegraf counts what of the slab can be given back among what is cached.
  draft.add(point, "cached",
            {.a = figures.sum({source.only("node_memory_Cached_bytes"),
                               else_zero(source.only("node_memory_SReclaimable_bytes"))})});
  const Sum all = figures.sum({total}), used = figures.sum({total, available.times(-1)});
  draft.add(point, "used", {.a = used});
  draft.add(point, "used_percent", {.how = How::ratio, .a = used, .b = all, .scale = 100});
  draft.add(point, "available_percent",
            {.how = How::ratio, .a = figures.sum({available}), .b = all, .scale = 100});
  return only(std::move(draft));
}

Drafts drafts(const Swap&, Source& source) {
  constexpr double kBytesPerPage = 4'096;  // whatever the page size: Telegraf's own
  Draft draft{.key = {}};
  Figures& figures = draft.figures;
  DraftPoint& gauges = draft.point("swap", MetricType::gauge);
  const Term total = source.only("node_memory_SwapTotal_bytes"),
             free = source.only("node_memory_SwapFree_bytes");
  const Sum all = figures.sum({total}), used = figures.sum({total, free.times(-1)});
  draft.add(gauges, "total", {.a = all});
  draft.add(gauges, "used", {.a = used});
  draft.copy(gauges, "free", free);
  draft.add(gauges, "used_percent", {.how = How::ratio, .a = used, .b = all, .scale = 100});
  DraftPoint& counters = draft.point("swap", MetricType::counter);
  draft.copy(counters, "in", source.only("node_vmstat_pswpin").times(kBytesPerPage));
  draft.copy(counters, "out", source.only("node_vmstat_pswpout").times(kBytesPerPage));
  return only(std::move(draft));
}

Drafts drafts(const Kernel& options, Source& source) {
  constexpr Named kFields[] = {{"interrupts", "node_intr_total"},
                               {"context_switches", "node_context_switches_total"},
                               {"processes_forked", "node_forks_total"},
                               {"entropy_avail", "node_entropy_available_bits"}};
  Draft draft = one_point(source, "kernel", MetricType::counter, kFields);
  draft.add(draft.points.back(), "boot_time",
            {.how = How::whole,
             .a = draft.figures.sum({source.only("node_boot_time_seconds").over(kNsPerSecond)})});
  if (options.ksm) add_ksm(draft, draft.points.back(), source);
  if (!options.psi) return only(std::move(draft));
  add_pressure_averages(draft, source);
  constexpr struct {
    std::string_view resource, type, metric;
  } kPressure[] = {
      {"cpu", "some", "node_pressure_cpu_waiting_seconds_total"},
      {"memory", "some", "node_pressure_memory_waiting_seconds_total"},
      {"memory", "full", "node_pressure_memory_stalled_seconds_total"},
      {"io", "some", "node_pressure_io_waiting_seconds_total"},
      {"io", "full", "node_pressure_io_stalled_seconds_total"},
  };
  for (const auto& [resource, type, metric] : kPressure) {
    DraftPoint& point =
        draft.point("pressure", MetricType::counter,
                    {{"resource", std::string(resource)}, {"type", std::string(type)}});
    draft.copy(point, "total", source.only(metric).over(kNsPerMicrosecond));
  }
  return only(std::move(draft));
}

Drafts drafts(const Processes&, Source& source) {
  constexpr struct {
    std::string_view field;
    std::array<std::string_view, 2> letters;  // of states that it counts
  } kStates[] = {{"blocked", {"D"}},      {"dead", {"X"}},    {"idle", {"I"}},
                 {"paging", {"W"}},       {"running", {"R"}}, {"sleeping", {"S"}},
                 {"stopped", {"T", "t"}}, {"unknown", {"?"}}, {"zombies", {"Z"}}};
  Draft draft{.key = {}};
  DraftPoint& point = draft.point("processes", MetricType::gauge);
  const Source::Family states = source.family("node_processes_state");
  const auto count = [&](std::string_view letter) { return source.with(states, "state", letter); };
  for (const auto& [field, letters] : kStates) {
    std::vector<Term> terms{count(letters[0])};
    if (!letters[1].empty()) terms.push_back(count(letters[1]));
    draft.add(point, std::string(field), {.a = draft.figures.sum(terms)});
  }
  draft.add(point, "parked", {.how = How::nonzero, .a = draft.figures.sum({count("P")})});
  draft.copy(point, "total", source.only("node_processes_pids"));
  draft.copy(point, "total_threads", source.only("node_processes_threads"));
  return only(std::move(draft));
}

}  // namespace hostmeter::contract::telegraf
