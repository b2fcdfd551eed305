// The kernel's entropy pool.
#include "hostmeter/flow/facts/entropy.hpp"

#include "hostmeter/collect/series_in_order.hpp"

namespace hostmeter::collect {
namespace {

constexpr MetricDesc kMetrics[] = {
    {Origin::node_exporter, Kind::gauge, Unit::bits, Encoding::count, "node_entropy_available_bits",
     "Entropy in the kernel's pool."},
    {Origin::node_exporter, Kind::gauge, Unit::bits, Encoding::count, "node_entropy_pool_size_bits",
     "Size of the kernel's entropy pool."},
};

constexpr auto kSeries = series_in_order<Entropy>(kMetrics);
constexpr GroupSeries kGroups[] = {group_series<Entropy>(kSeries)};

}  // namespace

extern const CollectorSpec entropy{
    .name = "entropy", .scope = Scope::host, .metrics = kMetrics, .groups = kGroups};

}  // namespace hostmeter::collect
