// Mounted filesystems of the host.
#include "hostmeter/flow/facts/filesystem.hpp"

#include "hostmeter/collect/collector.hpp"

namespace hostmeter::collect {
namespace {

constexpr std::string_view kLabels = "device,device_error,fstype,mountpoint";
constexpr std::string_view kInfoLabels = "device,major,minor,mountpoint";

enum { size, free, avail, files, files_free, readonly, device_error, mount_info };
constexpr MetricDesc kMetrics[] = {
    {Kind::gauge, Unit::bytes, "node_filesystem_size_bytes", "Size of the filesystem.", kLabels},
    {Kind::gauge, Unit::bytes, "node_filesystem_free_bytes",
     "Free space, with what is reserved for root.", kLabels},
    {Kind::gauge, Unit::bytes, "node_filesystem_avail_bytes",
     "Free space that users other than root may take.", kLabels},
    {Kind::gauge, Unit::none, "node_filesystem_files", "Inodes the filesystem has in all.",
     kLabels},
    {Kind::gauge, Unit::none, "node_filesystem_files_free", "Inodes that are free.", kLabels},
    {Kind::gauge, Unit::none, "node_filesystem_readonly", "1 if it is mounted read-only.", kLabels},
    {Kind::gauge, Unit::none, "node_filesystem_device_error",
     "1 if the filesystem failed to tell its size, or hangs, as the label device_error says.",
     kLabels},
    {Kind::gauge, Unit::info, "node_filesystem_mount_info", "What is mounted where, always 1.",
     kInfoLabels},
};

constexpr FieldSeries kSeries[] = {
    series(Filesystem::size_bytes, kMetrics[size]),
    series(Filesystem::free_bytes, kMetrics[free]),
    series(Filesystem::avail_bytes, kMetrics[avail]),
    series(Filesystem::files, kMetrics[files]),
    series(Filesystem::files_free, kMetrics[files_free]),
    series(Filesystem::read_only, kMetrics[readonly]),
    series(Filesystem::device_error, kMetrics[device_error]),
};
constexpr FieldSeries kInfo[] = {series(MountInfo::info, kMetrics[mount_info])};
constexpr GroupSeries kGroups[] = {group_series<Filesystem>(kSeries, kLabels),
                                   group_series<MountInfo>(kInfo, kInfoLabels)};

}  // namespace

extern const CollectorSpec filesystem{
    .name = "filesystem", .scope = Scope::host, .metrics = kMetrics, .groups = kGroups};

}  // namespace hostmeter::collect
