// Paging, swapping and page faults of the host.
#include "hostmeter/flow/facts/vmstat.hpp"

#include "hostmeter/collect/series_in_order.hpp"

namespace hostmeter::collect {
namespace {

consteval MetricDesc untyped(std::string_view name, std::string_view help) {
  return {Origin::node_exporter, Kind::untyped, Unit::none, Encoding::count, name, help};
}

constexpr MetricDesc kMetrics[] = {
    untyped("node_vmstat_pgpgin", "KiB read from block devices."),
    untyped("node_vmstat_pgpgout", "KiB written to block devices."),
    untyped("node_vmstat_pswpin", "Pages swapped in."),
    untyped("node_vmstat_pswpout", "Pages swapped out."),
    untyped("node_vmstat_pgfault", "Page faults, minor and major."),
    untyped("node_vmstat_pgmajfault", "Page faults that had to wait for I/O."),
    untyped("node_vmstat_oom_kill", "Processes killed because memory ran out."),
};

constexpr auto kSeries = series_in_order<Vmstat>(kMetrics);
constexpr GroupSeries kGroups[] = {group_series<Vmstat>(kSeries)};

}  // namespace

extern const CollectorSpec vmstat{
    .name = "vmstat", .scope = Scope::host, .metrics = kMetrics, .groups = kGroups};

}  // namespace hostmeter::collect
