// CPU time of the host.
#include "hostmeter/flow/facts/cpu.hpp"

#include "hostmeter/collect/collector.hpp"

namespace hostmeter::collect {
namespace {

enum { seconds, guest_seconds };
constexpr MetricDesc kMetrics[] = {
    {Kind::counter, Unit::seconds, "node_cpu_seconds_total",
     "Time each CPU spent in each mode; guest time is part of user and nice.", "cpu,mode"},
    {Kind::counter, Unit::seconds, "node_cpu_guest_seconds_total",
     "Time each CPU spent in guests of virtual machines.", "cpu,mode"},
};

constexpr FieldSeries kSeries[] = {
    series(Cpu::user, kMetrics[seconds], "user"),
    series(Cpu::nice, kMetrics[seconds], "nice"),
    series(Cpu::system, kMetrics[seconds], "system"),
    series(Cpu::idle, kMetrics[seconds], "idle"),
    series(Cpu::iowait, kMetrics[seconds], "iowait"),
    series(Cpu::irq, kMetrics[seconds], "irq"),
    series(Cpu::softirq, kMetrics[seconds], "softirq"),
    series(Cpu::steal, kMetrics[seconds], "steal"),
    series(Cpu::guest, kMetrics[guest_seconds], "user"),
    series(Cpu::guest_nice, kMetrics[guest_seconds], "nice"),
};
constexpr GroupSeries kGroups[] = {group_series<Cpu>(kSeries, "cpu")};

}  // namespace

extern const CollectorSpec cpu{
    .name = "cpu", .scope = Scope::host, .metrics = kMetrics, .groups = kGroups};

}  // namespace hostmeter::collect
