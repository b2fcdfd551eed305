// Packet processing by CPU.
#include "hostmeter/flow/facts/softnet.hpp"

#include "hostmeter/collect/series_in_order.hpp"

namespace hostmeter::collect {
namespace {

constexpr MetricDesc kMetrics[] = {
    {Kind::counter, Unit::none, "node_softnet_processed_total", "Packets processed.", "cpu"},
    {Kind::counter, Unit::none, "node_softnet_dropped_total",
     "Packets dropped because the backlog was full.", "cpu"},
    {Kind::counter, Unit::none, "node_softnet_times_squeezed_total",
     "Times processing stopped with packets left over.", "cpu"},
    {Kind::counter, Unit::none, "node_softnet_cpu_collision_total",
     "Collisions on a lock for sending; always 0 since Linux 4.7.", "cpu"},
    {Kind::counter, Unit::none, "node_softnet_received_rps_total",
     "Times the CPU was woken for packets steered to it.", "cpu"},
    {Kind::counter, Unit::none, "node_softnet_flow_limit_count_total",
     "Packets dropped by the limit for large flows.", "cpu"},
    {Kind::gauge, Unit::none, "node_softnet_backlog_len", "Packets in the backlog.", "cpu"},
};

constexpr auto kSeries = series_in_order<Softnet>(kMetrics);
constexpr GroupSeries kGroups[] = {group_series<Softnet>(kSeries, "cpu")};

}  // namespace

extern const CollectorSpec softnet{
    .name = "softnet", .scope = Scope::host, .metrics = kMetrics, .groups = kGroups};

}  // namespace hostmeter::collect
