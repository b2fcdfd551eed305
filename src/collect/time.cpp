// Wall clock, time zone and clock sources of the host.
#include "hostmeter/flow/facts/time.hpp"

#include "hostmeter/collect/series_in_order.hpp"
#include "hostmeter/flow/facts/clocksource.hpp"

namespace hostmeter::collect {
namespace {

enum { now, zone_offset, source_available, source_current };
constexpr MetricDesc kMetrics[] = {
    {Kind::gauge, Unit::seconds, "node_time_seconds", "The host's wall clock, since 1970."},
    {Kind::gauge, Unit::seconds, Encoding::real, "node_time_zone_offset_seconds",
     "Offset of the time zone from UTC, positive to the east.", "time_zone"},
    {Kind::gauge, Unit::info, "node_time_clocksource_available_info",
     "A clock source that the kernel could use, always 1.", "clocksource,device"},
    {Kind::gauge, Unit::info, "node_time_clocksource_current_info",
     "The clock source that the kernel uses, always 1.", "clocksource,device"},
};

constexpr FieldSeries kNow[] = {series(TimeField::now_ns, kMetrics[now])};
constexpr FieldSeries kZone[] = {series(TimeZone::offset_seconds, kMetrics[zone_offset])};
constexpr FieldSeries kSources[] = {
    series(Clocksource::available, kMetrics[source_available]),
    series(Clocksource::current, kMetrics[source_current]),
};
constexpr GroupSeries kGroups[] = {
    group_series<TimeField>(kNow),
    group_series<TimeZone>(kZone, "time_zone"),
    group_series<Clocksource>(kSources, "device,clocksource"),
};

}  // namespace

extern const CollectorSpec time{
    .name = "time", .scope = Scope::host, .metrics = kMetrics, .groups = kGroups};

}  // namespace hostmeter::collect
