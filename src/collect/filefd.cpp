// Open files of the host.
#include "hostmeter/flow/facts/filefd.hpp"

#include "hostmeter/collect/series_in_order.hpp"

namespace hostmeter::collect {
namespace {

constexpr MetricDesc kMetrics[] = {
    {Kind::gauge, Unit::none, "node_filefd_allocated", "Open files of all processes."},
    {Kind::gauge, Unit::none, "node_filefd_maximum", "Most files that may be open at once."},
};

constexpr auto kSeries = series_in_order<Filefd>(kMetrics);
constexpr GroupSeries kGroups[] = {group_series<Filefd>(kSeries)};

}  // namespace

extern const CollectorSpec filefd{
    .name = "filefd", .scope = Scope::host, .metrics = kMetrics, .groups = kGroups};

}  // namespace hostmeter::collect
