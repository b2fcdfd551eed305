// What of containers only memory.stat says.
#include "hostmeter/collect/collector.hpp"
#include "hostmeter/flow/facts/cgroup_memory.hpp"

namespace hostmeter::collect {
namespace {

enum { bytes, events, limit };
constexpr MetricDesc kMetrics[] = {
    {Kind::gauge, Unit::bytes, "container_memory_stat_bytes",
     "Parts of its memory by memory.stat's names, of its own (scope container) and with all below "
     "it (hierarchy); only where a telegraf.conf asks for containers.",
     "stat,scope"},
    {Kind::counter, Unit::none, "container_memory_stat_events_total",
     "Pages charged to it (pgpgin) and uncharged (pgpgout), by scope; cgroup v1 only, and only "
     "where a telegraf.conf asks for containers.",
     "stat,scope"},
    {Kind::gauge, Unit::bytes, "container_memory_hierarchical_limit_bytes",
     "The lowest memory limit of it and all above it; cgroup v1 only, and only where a "
     "telegraf.conf asks for containers."},
};

using Field = CgroupMemoryStat;
constexpr FieldSeries kSeries[] = {
    series(Field::active_anon, kMetrics[bytes], "active_anon,hierarchy"),
    series(Field::inactive_anon, kMetrics[bytes], "inactive_anon,hierarchy"),
    series(Field::unevictable, kMetrics[bytes], "unevictable,hierarchy"),
    series(Field::rss_huge, kMetrics[bytes], "rss_huge,hierarchy"),
    series(Field::own_active_anon, kMetrics[bytes], "active_anon,container"),
    series(Field::own_inactive_anon, kMetrics[bytes], "inactive_anon,container"),
    series(Field::own_unevictable, kMetrics[bytes], "unevictable,container"),
    series(Field::own_rss_huge, kMetrics[bytes], "rss_huge,container"),
    series(Field::own_active_file, kMetrics[bytes], "active_file,container"),
    series(Field::own_inactive_file, kMetrics[bytes], "inactive_file,container"),
    series(Field::own_cache, kMetrics[bytes], "cache,container"),
    series(Field::own_mapped_file, kMetrics[bytes], "mapped_file,container"),
    series(Field::own_rss, kMetrics[bytes], "rss,container"),
    series(Field::own_writeback, kMetrics[bytes], "writeback,container"),
    series(Field::paged_in, kMetrics[events], "pgpgin,hierarchy"),
    series(Field::paged_out, kMetrics[events], "pgpgout,hierarchy"),
    series(Field::own_paged_in, kMetrics[events], "pgpgin,container"),
    series(Field::own_paged_out, kMetrics[events], "pgpgout,container"),
    series(Field::hierarchical_limit, kMetrics[limit]),
};
constexpr GroupSeries kGroups[] = {group_series<CgroupMemoryStat>(kSeries)};

}  // namespace

extern const CollectorSpec cgroup_memory_stat{.name = "cgroup_memory_stat",
                                              .scope = Scope::container,
                                              .metrics = kMetrics,
                                              .groups = kGroups};

}  // namespace hostmeter::collect
