// Processes of the host by state.
#include "hostmeter/flow/facts/processes.hpp"

#include "hostmeter/collect/collector.hpp"

namespace hostmeter::collect {
namespace {

enum { state, pids, threads, max_processes, max_threads };
constexpr MetricDesc kMetrics[] = {
    {Kind::gauge, Unit::none, "node_processes_state",
     "Processes by state, as the letter that the kernel gives it.", "state"},
    {Kind::gauge, Unit::none, "node_processes_pids", "Processes."},
    {Kind::gauge, Unit::none, "node_processes_threads", "Threads of all processes."},
    {Kind::gauge, Unit::none, "node_processes_max_processes", "The highest number of a process."},
    {Kind::gauge, Unit::none, "node_processes_max_threads", "How many threads there may be."},
};

constexpr FieldSeries kSeries[] = {
    series(Processes::running, kMetrics[state], "R"),
    series(Processes::sleeping, kMetrics[state], "S"),
    series(Processes::blocked, kMetrics[state], "D"),
    series(Processes::stopped, kMetrics[state], "T"),
    series(Processes::traced, kMetrics[state], "t"),
    series(Processes::zombies, kMetrics[state], "Z"),
    series(Processes::dead, kMetrics[state], "X"),
    series(Processes::paging, kMetrics[state], "W"),
    series(Processes::parked, kMetrics[state], "P"),
    series(Processes::idle, kMetrics[state], "I"),
    series(Processes::unknown, kMetrics[state], "?"),
    series(Processes::total, kMetrics[pids]),
    series(Processes::threads, kMetrics[threads]),
    series(Processes::max_processes, kMetrics[max_processes]),
    series(Processes::max_threads, kMetrics[max_threads]),
};
constexpr GroupSeries kGroups[] = {group_series<Processes>(kSeries)};

}  // namespace

extern const CollectorSpec processes{
    .name = "processes", .scope = Scope::host, .metrics = kMetrics, .groups = kGroups};

}  // namespace hostmeter::collect
