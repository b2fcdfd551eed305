// How long block I/O of containers took, by device and operation.
#include "hostmeter/flow/facts/cgroup_blkio_latency.hpp"

#include "hostmeter/collect/collector.hpp"

namespace hostmeter::collect {
namespace {

constexpr MetricDesc kMetrics[] = {
    {Unit::seconds, kBlkioLatencyBounds, "container_blkio_latency_seconds",
     "Time from the issue of a request to a block device until its completion, by operation: Read, "
     "Write, Discard; Flush: requests that waited for the device's cache to be flushed, from when "
     "they were made; data that such a request wrote is in Write as well. Where the kernel notes "
     "no issue, all are from when the request was made; where it notes neither (iostats are off, "
     "no I/O scheduler, no write-back throttling) there are none. What completed unseen is "
     "missing, here and where it is counted: hostmeter_blkio_unseen_bytes_total tells of all but "
     "flushes.",
     "device,operation"},
};
constexpr auto kSeries =
    histogram_series<kMetrics[0].cells()>(CgroupBlkioLatency::sum_ns, kMetrics[0]);
constexpr GroupSeries kGroups[] = {group_series<CgroupBlkioLatency>(kSeries, "device,operation")};

}  // namespace

extern const CollectorSpec cgroup_blkio_latency{.name = "cgroup_blkio_latency",
                                                .scope = Scope::container,
                                                .metrics = kMetrics,
                                                .groups = kGroups};

}  // namespace hostmeter::collect
