// What files of the kernel say under names of its own.
#include "hostmeter/flow/facts/kernel_value.hpp"

#include "hostmeter/collect/collector.hpp"

namespace hostmeter::collect {
namespace {

constexpr std::string_view kLabels = "file,name,part";

constexpr MetricDesc kMetrics[] = {
    {Kind::gauge, Unit::none, Encoding::real, "node_kernel_value",
     "What a file of the kernel says, all of it, under the kernel's names and in its units. Only "
     "of files that are asked for. Of nf_conntrack the part all is what the CPUs say together.",
     kLabels},
};

constexpr FieldSeries kSeries[] = {series(KernelValue::value, kMetrics[0])};
constexpr GroupSeries kGroups[] = {group_series<KernelValue>(kSeries, kLabels)};

}  // namespace

extern const CollectorSpec kernel_value{
    .name = "kernel_value", .scope = Scope::host, .metrics = kMetrics, .groups = kGroups};

}  // namespace hostmeter::collect
