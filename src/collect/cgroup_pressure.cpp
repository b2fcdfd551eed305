// Pressure stall information of containers.
#include "hostmeter/flow/facts/cgroup_pressure.hpp"

#include "hostmeter/collect/collector.hpp"

namespace hostmeter::collect {
namespace {

enum { cpu_waiting, cpu_stalled, memory_waiting, memory_stalled, io_waiting, io_stalled };
constexpr MetricDesc kMetrics[] = {
    {Kind::counter, Unit::seconds, "container_pressure_cpu_waiting_seconds_total",
     "Time in which some of its tasks waited for a CPU."},
    {Kind::counter, Unit::seconds, "container_pressure_cpu_stalled_seconds_total",
     "Time in which all its runnable tasks waited for a CPU."},
    {Kind::counter, Unit::seconds, "container_pressure_memory_waiting_seconds_total",
     "Time in which some of its tasks waited for memory."},
    {Kind::counter, Unit::seconds, "container_pressure_memory_stalled_seconds_total",
     "Time in which all its busy tasks waited for memory."},
    {Kind::counter, Unit::seconds, "container_pressure_io_waiting_seconds_total",
     "Time in which some of its tasks waited for I/O."},
    {Kind::counter, Unit::seconds, "container_pressure_io_stalled_seconds_total",
     "Time in which all its busy tasks waited for I/O."},
};

constexpr FieldSeries kSeries[] = {
    series(CgroupPressure::cpu_some, kMetrics[cpu_waiting]),
    series(CgroupPressure::cpu_full, kMetrics[cpu_stalled]),
    series(CgroupPressure::memory_some, kMetrics[memory_waiting]),
    series(CgroupPressure::memory_full, kMetrics[memory_stalled]),
    series(CgroupPressure::io_some, kMetrics[io_waiting]),
    series(CgroupPressure::io_full, kMetrics[io_stalled]),
};
constexpr GroupSeries kGroups[] = {group_series<CgroupPressure>(kSeries)};

}  // namespace

extern const CollectorSpec cgroup_pressure{
    .name = "cgroup_pressure", .scope = Scope::container, .metrics = kMetrics, .groups = kGroups};

}  // namespace hostmeter::collect
