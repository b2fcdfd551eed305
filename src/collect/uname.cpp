// Kernel and names of the host.
#include "hostmeter/collect/series_in_order.hpp"
#include "hostmeter/flow/facts/uname_info.hpp"

namespace hostmeter::collect {
namespace {

constexpr MetricDesc kMetrics[] = {
    {Kind::gauge, Unit::info, "node_uname_info", "The kernel and the host's names, always 1.",
     "domainname,machine,nodename,release,sysname,version"},
};

constexpr auto kSeries = series_in_order<UnameInfo>(kMetrics);
constexpr GroupSeries kGroups[] = {
    group_series<UnameInfo>(kSeries, "sysname,release,version,machine,nodename,domainname")};

}  // namespace

extern const CollectorSpec uname{
    .name = "uname", .scope = Scope::host, .metrics = kMetrics, .groups = kGroups};

}  // namespace hostmeter::collect
