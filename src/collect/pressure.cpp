// Pressure stall time of the host.
#include "hostmeter/flow/facts/pressure.hpp"

#include "hostmeter/collect/series_in_order.hpp"

namespace hostmeter::collect {
namespace {

constexpr MetricDesc kMetrics[] = {
    {Kind::counter, Unit::seconds, "node_pressure_cpu_waiting_seconds_total",
     "Time in which a task waited for a CPU."},
    {Kind::counter, Unit::seconds, "node_pressure_io_waiting_seconds_total",
     "Time in which a task waited for I/O."},
    {Kind::counter, Unit::seconds, "node_pressure_io_stalled_seconds_total",
     "Time in which no task ran because of I/O."},
    {Kind::counter, Unit::seconds, "node_pressure_memory_waiting_seconds_total",
     "Time in which a task waited for memory."},
    {Kind::counter, Unit::seconds, "node_pressure_memory_stalled_seconds_total",
     "Time in which no task ran because of memory."},
    {Kind::counter, Unit::seconds, "node_pressure_irq_stalled_seconds_total",
     "Time in which no task ran because of interrupts."},
};

constexpr auto kSeries = series_in_order<Pressure>(kMetrics);
constexpr GroupSeries kGroups[] = {group_series<Pressure>(kSeries)};

}  // namespace

extern const CollectorSpec pressure{
    .name = "pressure", .scope = Scope::host, .metrics = kMetrics, .groups = kGroups};

}  // namespace hostmeter::collect
