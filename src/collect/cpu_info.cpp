// What the host's processors are.
#include "hostmeter/flow/facts/cpu_info.hpp"

#include "hostmeter/collect/collector.hpp"

namespace hostmeter::collect {
namespace {

constexpr std::string_view kLabels =
    "cachesize,core,cpu,family,microcode,model,model_name,package,stepping,vendor";

constexpr MetricDesc kMetrics[] = {
    {Kind::gauge, Unit::info, "node_cpu_info", "What a processor is, always 1.", kLabels},
};
constexpr FieldSeries kSeries[] = {series(CpuInfo::info, kMetrics[0])};
constexpr GroupSeries kGroups[] = {group_series<CpuInfo>(kSeries, kLabels)};

}  // namespace

extern const CollectorSpec cpu_info{
    .name = "cpu_info", .scope = Scope::host, .metrics = kMetrics, .groups = kGroups};

}  // namespace hostmeter::collect
