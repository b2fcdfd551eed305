// Interrupts of the host by processor.
#include "hostmeter/flow/facts/interrupts.hpp"

#include "hostmeter/collect/collector.hpp"

namespace hostmeter::collect {
namespace {

constexpr std::string_view kLabels = "cpu,type,info,devices", kSoftLabels = "cpu,type";

constexpr MetricDesc kMetrics[] = {
    {Kind::counter, Unit::none, "node_interrupts_total",
     "Interrupts handled; what the kernel counts for all processors together has no cpu.", kLabels},
    {Kind::counter, Unit::none, "node_softirqs_functions_total", "Soft interrupts handled.",
     kSoftLabels},
};

constexpr FieldSeries kHard[] = {series(Interrupts::handled, kMetrics[0])};
constexpr FieldSeries kSoft[] = {series(Softirq::handled, kMetrics[1])};
constexpr GroupSeries kGroups[] = {group_series<Interrupts>(kHard, kLabels),
                                   group_series<Softirq>(kSoft, kSoftLabels)};

}  // namespace

extern const CollectorSpec interrupts{
    .name = "interrupts", .scope = Scope::host, .metrics = kMetrics, .groups = kGroups};

}  // namespace hostmeter::collect
