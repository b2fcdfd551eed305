// Load averages of the host.
#include "hostmeter/flow/facts/loadavg.hpp"

#include "hostmeter/collect/collector.hpp"

namespace hostmeter::collect {
namespace {

enum { load1, load5, load15 };
constexpr MetricDesc kMetrics[] = {
    {Kind::gauge, Unit::none, Encoding::real, "node_load1", "1-minute load average."},
    {Kind::gauge, Unit::none, Encoding::real, "node_load5", "5-minute load average."},
    {Kind::gauge, Unit::none, Encoding::real, "node_load15", "15-minute load average."},
};

constexpr FieldSeries kSeries[] = {
    series(Loadavg::one_minute, kMetrics[load1]),
    series(Loadavg::five_minutes, kMetrics[load5]),
    series(Loadavg::fifteen_minutes, kMetrics[load15]),
};
constexpr GroupSeries kGroups[] = {group_series<Loadavg>(kSeries)};

}  // namespace

extern const CollectorSpec loadavg{
    .name = "loadavg", .scope = Scope::host, .metrics = kMetrics, .groups = kGroups};

}  // namespace hostmeter::collect
