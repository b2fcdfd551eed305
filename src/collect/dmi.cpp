// What the machine's firmware says it is.
#include "hostmeter/flow/facts/dmi.hpp"

#include "hostmeter/collect/collector.hpp"

namespace hostmeter::collect {
namespace {

constexpr std::string_view kLabels =
    "bios_date,bios_release,bios_vendor,bios_version,board_name,board_serial,board_vendor,"
    "board_version,chassis_asset_tag,chassis_serial,chassis_vendor,chassis_version,product_family,"
    "product_name,product_serial,product_sku,product_uuid,product_version,system_vendor";

constexpr MetricDesc kMetrics[] = {
    {Kind::gauge, Unit::info, "node_dmi_info",
     "What the firmware says the machine is, always 1; labels it does not tell are empty.",
     kLabels},
};
constexpr FieldSeries kSeries[] = {series(DmiInfo::info, kMetrics[0])};
constexpr GroupSeries kGroups[] = {group_series<DmiInfo>(kSeries, kLabels)};

}  // namespace

extern const CollectorSpec dmi{
    .name = "dmi", .scope = Scope::host, .metrics = kMetrics, .groups = kGroups};

}  // namespace hostmeter::collect
