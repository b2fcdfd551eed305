// How our BPF programs and their maps do.
#include "hostmeter/flow/facts/bpf_map.hpp"

#include "hostmeter/collect/collector.hpp"
#include "hostmeter/flow/facts/cgroup_run_queue.hpp"

namespace hostmeter::collect {
namespace {

enum { entries, max_entries, dropped, recursion_misses, threshold };
constexpr MetricDesc kMetrics[] = {
    {Kind::gauge, Unit::none, "hostmeter_bpf_map_entries",
     "Entries in use of a map that a BPF program of the agent fills.", "map"},
    {Kind::gauge, Unit::none, "hostmeter_bpf_map_max_entries",
     "Entries that a map of a BPF program of the agent has room for.", "map"},
    {Kind::counter, Unit::none, "hostmeter_bpf_dropped_total",
     "Events that a BPF program of the agent could not count because its map was full.", "map"},
    {Kind::counter, Unit::none, "hostmeter_bpf_recursion_misses_total",
     "Events that were not counted because the kernel runs a BPF program only once at a time on a "
     "CPU.",
     "map"},
    {Kind::gauge, Unit::seconds, "hostmeter_run_queue_threshold_seconds",
     "The shortest wait for a CPU that a BPF program of the agent counts; 0: it counts all."},
};

constexpr FieldSeries kSeries[] = {
    series(BpfMap::entries, kMetrics[entries]),
    series(BpfMap::max_entries, kMetrics[max_entries]),
    series(BpfMap::dropped, kMetrics[dropped]),
    series(BpfMap::recursion_misses, kMetrics[recursion_misses]),
};
constexpr FieldSeries kRunQueue[] = {series(RunQueueSettings::threshold_ns, kMetrics[threshold])};
constexpr GroupSeries kGroups[] = {group_series<BpfMap>(kSeries, "map"),
                                   group_series<RunQueueSettings>(kRunQueue)};

}  // namespace

extern const CollectorSpec bpf_map{
    .name = "bpf_map", .scope = Scope::host, .metrics = kMetrics, .groups = kGroups};

}  // namespace hostmeter::collect
