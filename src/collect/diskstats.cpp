// Block devices of the host: what they did and what they are.
#include "hostmeter/flow/facts/diskstats.hpp"

#include "hostmeter/collect/collector.hpp"

namespace hostmeter::collect {
namespace {

constexpr MetricDesc kMetrics[] = {
    {Kind::counter, Unit::none, "node_disk_reads_completed_total", "Reads finished by the device.",
     "device"},
    {Kind::counter, Unit::none, "node_disk_reads_merged_total",
     "Reads that were merged into a neighbour.", "device"},
    {Kind::counter, Unit::bytes, "node_disk_read_bytes_total", "Bytes read from the device.",
     "device"},
    {Kind::counter, Unit::seconds, "node_disk_read_time_seconds_total",
     "Time that all reads took, summed.", "device"},
    {Kind::counter, Unit::none, "node_disk_writes_completed_total",
     "Writes finished by the device.", "device"},
    {Kind::counter, Unit::none, "node_disk_writes_merged_total",
     "Writes that were merged into a neighbour.", "device"},
    {Kind::counter, Unit::bytes, "node_disk_written_bytes_total", "Bytes written to the device.",
     "device"},
    {Kind::counter, Unit::seconds, "node_disk_write_time_seconds_total",
     "Time that all writes took, summed.", "device"},
    {Kind::gauge, Unit::none, "node_disk_io_now", "Requests in flight.", "device"},
    {Kind::counter, Unit::seconds, "node_disk_io_time_seconds_total",
     "Wall time during which at least one request was in flight.", "device"},
    {Kind::counter, Unit::seconds, "node_disk_io_time_weighted_seconds_total",
     "Time multiplied by the number of requests in flight.", "device"},
    {Kind::counter, Unit::none, "node_disk_discards_completed_total",
     "Discards finished by the device.", "device"},
    {Kind::counter, Unit::none, "node_disk_discards_merged_total",
     "Discards that were merged into a neighbour.", "device"},
    {Kind::counter, Unit::none, "node_disk_discarded_sectors_total",
     "Sectors of 512 bytes that were discarded.", "device"},
    {Kind::counter, Unit::seconds, "node_disk_discard_time_seconds_total",
     "Time that all discards took, summed.", "device"},
    {Kind::counter, Unit::none, "node_disk_flush_requests_total",
     "Flush requests finished by the device.", "device"},
    {Kind::counter, Unit::seconds, "node_disk_flush_requests_time_seconds_total",
     "Time that all flush requests took, summed.", "device"},
    {Kind::gauge, Unit::info, "node_disk_info", "What a block device is, always 1.",
     "device,major,minor,model,path,revision,rotational,serial,wwn"},
};

// The metrics are in the order of the fields.
constexpr FieldSeries kSeries[] = {
    series(Diskstats::reads, kMetrics[0]),
    series(Diskstats::reads_merged, kMetrics[1]),
    series(Diskstats::read_bytes, kMetrics[2]),
    series(Diskstats::read_ns, kMetrics[3]),
    series(Diskstats::writes, kMetrics[4]),
    series(Diskstats::writes_merged, kMetrics[5]),
    series(Diskstats::written_bytes, kMetrics[6]),
    series(Diskstats::write_ns, kMetrics[7]),
    series(Diskstats::in_flight, kMetrics[8]),
    series(Diskstats::io_ns, kMetrics[9]),
    series(Diskstats::io_weighted_ns, kMetrics[10]),
    series(Diskstats::discards, kMetrics[11]),
    series(Diskstats::discards_merged, kMetrics[12]),
    series(Diskstats::discarded_sectors, kMetrics[13]),
    series(Diskstats::discard_ns, kMetrics[14]),
    series(Diskstats::flushes, kMetrics[15]),
    series(Diskstats::flush_ns, kMetrics[16]),
};
constexpr FieldSeries kInfo[] = {series(DiskInfo::info, kMetrics[17])};
constexpr GroupSeries kGroups[] = {
    group_series<Diskstats>(kSeries, "device"),
    group_series<DiskInfo>(kInfo, "device,major,minor,model,path,revision,rotational,serial,wwn"),
};

}  // namespace

extern const CollectorSpec diskstats{
    .name = "diskstats", .scope = Scope::host, .metrics = kMetrics, .groups = kGroups};

}  // namespace hostmeter::collect
