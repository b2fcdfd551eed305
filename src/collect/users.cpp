// Who is logged in on the host.
#include "hostmeter/flow/facts/users.hpp"

#include "hostmeter/collect/series_in_order.hpp"

namespace hostmeter::collect {
namespace {

constexpr MetricDesc kMetrics[] = {
    {Kind::gauge, Unit::none, "node_user_sessions", "Logins that utmp lists."},
    {Kind::gauge, Unit::none, "node_users_logged_in", "Different users that utmp lists."},
};

constexpr auto kSeries = series_in_order<Users>(kMetrics);
constexpr GroupSeries kGroups[] = {group_series<Users>(kSeries)};

}  // namespace

extern const CollectorSpec users{
    .name = "users", .scope = Scope::host, .metrics = kMetrics, .groups = kGroups};

}  // namespace hostmeter::collect
