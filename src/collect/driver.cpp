// Drivers of the host that do not answer.
#include "hostmeter/flow/facts/driver.hpp"

#include "hostmeter/collect/collector.hpp"

namespace hostmeter::collect {
namespace {

constexpr MetricDesc kMetrics[] = {
    {Kind::gauge, Unit::none, "hostmeter_driver_overdue",
     "1 while the driver of a device does not answer, or cannot be asked because too many others "
     "do "
     "not; its figures are absent.",
     "reader,device"},
};
constexpr FieldSeries kSeries[] = {series(Driver::overdue, kMetrics[0])};
constexpr GroupSeries kGroups[] = {group_series<Driver>(kSeries, "reader,device")};

}  // namespace

extern const CollectorSpec driver{
    .name = "driver", .scope = Scope::host, .metrics = kMetrics, .groups = kGroups};

}  // namespace hostmeter::collect
