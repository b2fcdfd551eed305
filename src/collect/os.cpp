// The distribution that the host runs.
#include "hostmeter/collect/series_in_order.hpp"
#include "hostmeter/flow/facts/os_release.hpp"

namespace hostmeter::collect {
namespace {

enum { info, version };
constexpr MetricDesc kMetrics[] = {
    {Kind::gauge, Unit::info, "node_os_info", "What os-release says, always 1.",
     "build_id,id,id_like,image_id,image_version,name,pretty_name,variant,variant_id,version,"
     "version_codename,version_id"},
    {Kind::gauge, Unit::none, Encoding::real, "node_os_version",
     "Major and minor version of the distribution as one number.", "id,id_like,name"},
};

constexpr FieldSeries kInfo[] = {series(OsInfo::one, kMetrics[info])};
constexpr FieldSeries kVersion[] = {series(OsVersion::number, kMetrics[version])};
constexpr GroupSeries kGroups[] = {
    group_series<OsInfo>(kInfo, kMetrics[info].labels),
    group_series<OsVersion>(kVersion, kMetrics[version].labels),
};

}  // namespace

extern const CollectorSpec os{
    .name = "os", .scope = Scope::host, .metrics = kMetrics, .groups = kGroups};

}  // namespace hostmeter::collect
