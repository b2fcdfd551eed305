// Block I/O of containers, by device.
#include "hostmeter/flow/facts/cgroup_blkio.hpp"

#include "hostmeter/collect/collector.hpp"

namespace hostmeter::collect {
namespace {

enum { read_bytes, reads, write_bytes, writes, device_usage, discards, async_bytes, async };
constexpr MetricDesc kMetrics[] = {
    {Kind::counter, Unit::bytes, "container_fs_reads_bytes_total",
     "Bytes read from a block device.", "device"},
    {Kind::counter, Unit::none, "container_fs_reads_total",
     "Requests that read from a block device.", "device"},
    {Kind::counter, Unit::bytes, "container_fs_writes_bytes_total",
     "Bytes written to a block device.", "device"},
    {Kind::counter, Unit::none, "container_fs_writes_total",
     "Requests that wrote to a block device.", "device"},
    {Origin::cadvisor, Kind::counter, Unit::bytes, Encoding::count,
     "container_blkio_device_usage_total",
     "Bytes moved to and from a block device, by operation: Read, Write, Discard.",
     "device,major,minor,operation"},
    {Kind::counter, Unit::none, "container_fs_discards_total",
     "Requests that discarded blocks of a block device.", "device"},
    {Kind::counter, Unit::bytes, "container_fs_async_bytes_total",
     "Bytes moved to a block device that nobody was said to wait for; not in files of cgroup v2.",
     "device"},
    {Kind::counter, Unit::none, "container_fs_async_total",
     "Requests to a block device that nobody was said to wait for; not in files of cgroup v2.",
     "device"},
};

constexpr FieldSeries kSeries[] = {
    series(CgroupBlkio::read_bytes, kMetrics[read_bytes]),
    series(CgroupBlkio::read_bytes, kMetrics[device_usage], "Read"),
    series(CgroupBlkio::write_bytes, kMetrics[write_bytes]),
    series(CgroupBlkio::write_bytes, kMetrics[device_usage], "Write"),
    series(CgroupBlkio::discard_bytes, kMetrics[device_usage], "Discard"),
    series(CgroupBlkio::read_ops, kMetrics[reads]),
    series(CgroupBlkio::write_ops, kMetrics[writes]),
    series(CgroupBlkio::discard_ops, kMetrics[discards]),
    series(CgroupBlkio::async_bytes, kMetrics[async_bytes]),
    series(CgroupBlkio::async_ops, kMetrics[async]),
};
constexpr GroupSeries kGroups[] = {group_series<CgroupBlkio>(kSeries, "device,major,minor")};

}  // namespace

extern const CollectorSpec cgroup_blkio{
    .name = "cgroup_blkio", .scope = Scope::container, .metrics = kMetrics, .groups = kGroups};

}  // namespace hostmeter::collect
