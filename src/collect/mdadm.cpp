// Software RAID of the host.
#include "hostmeter/collect/collector.hpp"
#include "hostmeter/flow/facts/md.hpp"

namespace hostmeter::collect {
namespace {

enum { blocks, blocks_synced, degraded, disks, disks_required, raid_disks, state };
constexpr MetricDesc kMetrics[] = {
    {Kind::gauge, Unit::none, "node_md_blocks", "Blocks of 1024 bytes the array holds.", "device"},
    {Kind::gauge, Unit::none, "node_md_blocks_synced",
     "Blocks that are in sync; fewer than all while the array recovers.", "device"},
    {Kind::gauge, Unit::none, "node_md_degraded",
     "Disks the array is short of, as its driver counts them.", "device"},
    {Kind::gauge, Unit::none, "node_md_disks", "Disks of the array by state.", "device,state"},
    {Kind::gauge, Unit::none, "node_md_disks_required", "Disks the array has places for.",
     "device"},
    {Kind::gauge, Unit::none, "node_md_raid_disks",
     "Disks of the whole array, as its driver counts them.", "device"},
    {Kind::gauge, Unit::none, "node_md_state", "1 for the state the array is in.", "device,state"},
};

constexpr FieldSeries kSeries[] = {
    series(Md::blocks, kMetrics[blocks]),
    series(Md::blocks_synced, kMetrics[blocks_synced]),
    series(Md::disks_required, kMetrics[disks_required]),
    series(Md::disks_active, kMetrics[disks], "active"),
    series(Md::disks_down, kMetrics[disks], "down"),
    series(Md::disks_failed, kMetrics[disks], "failed"),
    series(Md::disks_spare, kMetrics[disks], "spare"),
    series(Md::state_active, kMetrics[state], "active"),
    series(Md::state_inactive, kMetrics[state], "inactive"),
    series(Md::state_recovering, kMetrics[state], "recovering"),
    series(Md::state_resync, kMetrics[state], "resync"),
    series(Md::state_check, kMetrics[state], "check"),
    series(Md::raid_disks, kMetrics[raid_disks]),
    series(Md::degraded, kMetrics[degraded]),
};
constexpr GroupSeries kGroups[] = {group_series<Md>(kSeries, "device")};

}  // namespace

extern const CollectorSpec mdadm{
    .name = "mdadm", .scope = Scope::host, .metrics = kMetrics, .groups = kGroups};

}  // namespace hostmeter::collect
