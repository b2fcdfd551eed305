// What disks did and no BPF program of ours saw.
#include "hostmeter/flow/facts/disk_unseen.hpp"

#include "hostmeter/collect/collector.hpp"

namespace hostmeter::collect {
namespace {

constexpr MetricDesc kMetrics[] = {
    {Kind::counter, Unit::bytes, "hostmeter_blkio_unseen_bytes_total",
     "Bytes that a disk counted, by operation (Read, Write, Discard), and no container's figures "
     "have, since the agent's BPF program was not run for them, or had no room "
     "(hostmeter_bpf_dropped_total): at least so many. Some virtual machines hide completions from "
     "BPF: blkio_latency = false in [bpf] counts without them. Where a disk's iostats_passthrough "
     "is on, passthrough commands are in it. Absent where the disk does not count (iostats are "
     "off), and of disks of which nothing was seen.",
     "device,operation"},
};
constexpr FieldSeries kSeries[] = {
    series(DiskUnseen::read_bytes, kMetrics[0], "Read"),
    series(DiskUnseen::write_bytes, kMetrics[0], "Write"),
    series(DiskUnseen::discard_bytes, kMetrics[0], "Discard"),
};
constexpr GroupSeries kGroups[] = {group_series<DiskUnseen>(kSeries, "device")};

}  // namespace

extern const CollectorSpec disk_unseen{
    .name = "disk_unseen", .scope = Scope::host, .metrics = kMetrics, .groups = kGroups};

}  // namespace hostmeter::collect
