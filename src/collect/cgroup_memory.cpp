// Memory of containers.
#include "hostmeter/flow/facts/cgroup_memory.hpp"

#include "hostmeter/collect/collector.hpp"

namespace hostmeter::collect {
namespace {

enum {
  usage,
  working_set,
  rss,
  cache,
  mapped_file,
  swap,
  active_file,
  inactive_file,
  file_dirty,
  file_writeback,
  refault_file,
  refault_anon,
  failures,
  pgscan,
  pgsteal,
  kernel,
  peak,
  failcnt,
  events_high,
  events_max,
  oom_events,
  events_low,
  events_oom
};
constexpr MetricDesc kMetrics[] = {
    {Kind::gauge, Unit::bytes, "container_memory_usage_bytes",
     "Memory charged to it, its part of the page cache included."},
    {Kind::gauge, Unit::bytes, "container_memory_working_set_bytes",
     "Memory charged to it less the inactive page cache: what the kubelet evicts by."},
    {Origin::cadvisor, Kind::gauge, Unit::bytes, Encoding::count, "container_memory_rss",
     "Anonymous memory in bytes."},
    {Origin::cadvisor, Kind::gauge, Unit::bytes, Encoding::count, "container_memory_cache",
     "Page cache in bytes."},
    {Origin::cadvisor, Kind::gauge, Unit::bytes, Encoding::count, "container_memory_mapped_file",
     "Bytes of files mapped into memory."},
    {Origin::cadvisor, Kind::gauge, Unit::bytes, Encoding::count, "container_memory_swap",
     "Bytes swapped out."},
    {Kind::gauge, Unit::bytes, "container_memory_total_active_file_bytes",
     "Page cache used recently, of it and all below it."},
    {Kind::gauge, Unit::bytes, "container_memory_total_inactive_file_bytes",
     "Page cache not used recently, of it and all below it."},
    {Kind::gauge, Unit::bytes, "container_memory_file_dirty_bytes",
     "Page cache that still has to be written."},
    {Kind::gauge, Unit::bytes, "container_memory_file_writeback_bytes",
     "Page cache being written."},
    {Kind::counter, Unit::none, "container_memory_workingset_refault_file_total",
     "Pages of files read again soon after they were evicted."},
    {Kind::counter, Unit::none, "container_memory_workingset_refault_anon_total",
     "Anonymous pages swapped in again soon after they were evicted."},
    {Kind::counter, Unit::none, "container_memory_failures_total",
     "Page faults, minor and major together (pgfault) and major alone (pgmajfault), of its own "
     "(scope container) and with all below it (hierarchy).",
     "failure_type,scope"},
    {Kind::counter, Unit::none, "container_memory_pgscan_total", "Pages that reclaim looked at."},
    {Kind::counter, Unit::none, "container_memory_pgsteal_total", "Pages that reclaim took back."},
    {Origin::cadvisor, Kind::gauge, Unit::bytes, Encoding::count, "container_memory_kernel_usage",
     "Bytes the kernel holds for it."},
    {Kind::gauge, Unit::bytes, "container_memory_max_usage_bytes",
     "The most memory ever charged to it at once."},
    {Origin::cadvisor, Kind::counter, Unit::none, Encoding::count, "container_memory_failcnt",
     "Times it ran into its memory limit; cgroup v1 only."},
    {Kind::counter, Unit::none, "container_memory_events_high_total",
     "Times its processes were made to reclaim because it was above its high mark."},
    {Kind::counter, Unit::none, "container_memory_events_max_total",
     "Times it was about to grow beyond its limit."},
    {Kind::counter, Unit::none, "container_oom_events_total",
     "Processes in it that were killed for want of memory."},
    {Kind::counter, Unit::none, "container_memory_events_low_total",
     "Times memory was taken from it although it was below its low mark."},
    {Kind::counter, Unit::none, "container_memory_events_oom_total",
     "Times it was at its limit and nothing could be reclaimed, whether or not that killed."},
};

constexpr FieldSeries kSeries[] = {
    summable(series(CgroupMemory::usage, kMetrics[usage])),
    summable(series(CgroupMemory::working_set, kMetrics[working_set])),
    summable(series(CgroupMemory::rss, kMetrics[rss])),
    summable(series(CgroupMemory::cache, kMetrics[cache])),
    summable(series(CgroupMemory::mapped_file, kMetrics[mapped_file])),
    summable(series(CgroupMemory::swap, kMetrics[swap])),
    summable(series(CgroupMemory::active_file, kMetrics[active_file])),
    summable(series(CgroupMemory::inactive_file, kMetrics[inactive_file])),
    summable(series(CgroupMemory::file_dirty, kMetrics[file_dirty])),
    summable(series(CgroupMemory::file_writeback, kMetrics[file_writeback])),
    series(CgroupMemory::refault_file, kMetrics[refault_file]),
    series(CgroupMemory::refault_anon, kMetrics[refault_anon]),
    series(CgroupMemory::own_pgfault, kMetrics[failures], "pgfault,container"),
    series(CgroupMemory::pgfault, kMetrics[failures], "pgfault,hierarchy"),
    series(CgroupMemory::own_pgmajfault, kMetrics[failures], "pgmajfault,container"),
    series(CgroupMemory::pgmajfault, kMetrics[failures], "pgmajfault,hierarchy"),
    series(CgroupMemory::pgscan, kMetrics[pgscan]),
    series(CgroupMemory::pgsteal, kMetrics[pgsteal]),
    summable(series(CgroupMemory::kernel, kMetrics[kernel])),
    series(CgroupMemory::peak, kMetrics[peak]),
    series(CgroupMemory::failcnt, kMetrics[failcnt]),
    series(CgroupMemory::events_high, kMetrics[events_high]),
    series(CgroupMemory::events_max, kMetrics[events_max]),
    series(CgroupMemory::oom_kills, kMetrics[oom_events]),
    series(CgroupMemory::events_low, kMetrics[events_low]),
    series(CgroupMemory::events_oom, kMetrics[events_oom]),
};
constexpr GroupSeries kGroups[] = {group_series<CgroupMemory>(kSeries)};

}  // namespace

extern const CollectorSpec cgroup_memory{
    .name = "cgroup_memory", .scope = Scope::container, .metrics = kMetrics, .groups = kGroups};

}  // namespace hostmeter::collect
