// How fast the host's processors are clocked, and which of them take part.
#include "hostmeter/collect/collector.hpp"
#include "hostmeter/flow/facts/cpu_info.hpp"

namespace hostmeter::collect {
namespace {

constexpr MetricDesc kMetrics[] = {
    {Kind::gauge, Unit::hertz, Encoding::count, "node_cpu_scaling_frequency_hertz",
     "Frequency the processor is clocked at.", "cpu"},
    {Kind::gauge, Unit::hertz, Encoding::count, "node_cpu_scaling_frequency_min_hertz",
     "Lowest frequency the processor may be clocked at.", "cpu"},
    {Kind::gauge, Unit::hertz, Encoding::count, "node_cpu_scaling_frequency_max_hertz",
     "Highest frequency the processor may be clocked at.", "cpu"},
    {Kind::gauge, Unit::none, Encoding::count, "node_cpu_online",
     "1 while the processor is online, where processors can be taken offline.", "cpu"},
    {Kind::gauge, Unit::none, Encoding::count, "node_cpu_isolated",
     "1 for each processor that the scheduler leaves alone (isolcpus).", "cpu"},
};
constexpr FieldSeries kSeries[] = {
    series(CpuFrequency::scaling, kMetrics[0]),     series(CpuFrequency::scaling_min, kMetrics[1]),
    series(CpuFrequency::scaling_max, kMetrics[2]), series(CpuFrequency::online, kMetrics[3]),
    series(CpuFrequency::isolated, kMetrics[4]),
};
constexpr GroupSeries kGroups[] = {group_series<CpuFrequency>(kSeries, "cpu")};

}  // namespace

extern const CollectorSpec cpufreq{
    .name = "cpufreq", .scope = Scope::host, .metrics = kMetrics, .groups = kGroups};

}  // namespace hostmeter::collect
