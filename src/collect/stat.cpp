// Interrupts, context switches and processes of the host.
#include "hostmeter/flow/facts/stat.hpp"

#include "hostmeter/collect/series_in_order.hpp"

namespace hostmeter::collect {
namespace {

constexpr MetricDesc kMetrics[] = {
    {Kind::counter, Unit::none, "node_intr_total", "Interrupts serviced."},
    {Kind::counter, Unit::none, "node_context_switches_total", "Context switches."},
    {Kind::gauge, Unit::seconds, "node_boot_time_seconds", "When the host booted, since 1970."},
    {Kind::counter, Unit::none, "node_forks_total", "Processes and threads made."},
    {Kind::gauge, Unit::none, "node_procs_running", "Tasks that run or are ready to."},
    {Kind::gauge, Unit::none, "node_procs_blocked", "Tasks blocked until I/O is done."},
};

constexpr auto kSeries = series_in_order<Stat>(kMetrics);
constexpr GroupSeries kGroups[] = {group_series<Stat>(kSeries)};

}  // namespace

extern const CollectorSpec stat{
    .name = "stat", .scope = Scope::host, .metrics = kMetrics, .groups = kGroups};

}  // namespace hostmeter::collect
