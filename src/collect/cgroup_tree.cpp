// How well the cgroup tree is followed.
#include "hostmeter/flow/facts/cgroup_tree.hpp"

#include "hostmeter/collect/collector.hpp"

namespace hostmeter::collect {
namespace {

enum {
  cgroups,
  ignored,
  rescans,
  overflows,
  watches,
  notified,
  whole,
  lingering,
  cut_short,
  unseen
};
constexpr MetricDesc kMetrics[] = {
    {Kind::gauge, Unit::none, "hostmeter_cgroups", "Live cgroups by what they are.", "kind"},
    {Kind::gauge, Unit::none, "hostmeter_cgroups_ignored",
     "Cgroups that are not followed because there are more than the limit allows."},
    {Kind::counter, Unit::none, "hostmeter_cgroup_rescans_total",
     "Times that listing the cgroup tree again was begun, which is spread over ten ticks."},
    {Kind::counter, Unit::none, "hostmeter_cgroup_notification_overflows_total",
     "Times the kernel dropped notifications of cgroups; each is mended by a rescan."},
    {Kind::gauge, Unit::none, "hostmeter_cgroup_watches", "Directories watched for cgroups."},
    {Kind::gauge, Unit::none, "hostmeter_cgroup_notified",
     "1 when new cgroups are told by notification, 0 when they are found by rescans, seconds "
     "later."},
    {Kind::gauge, Unit::none, "hostmeter_cgroup_tree_whole",
     "0 when only a part of the host's cgroup tree is visible, as from inside a cgroup "
     "namespace."},
    {Kind::gauge, Unit::none, "hostmeter_cgroups_lingering",
     "Cgroups that are gone and whose final counters are still served."},
    {Kind::counter, Unit::none, "hostmeter_cgroups_lingering_cut_total",
     "Cgroups whose final counters were served for less than collect.cgroups.linger because "
     "limits.lingering was reached."},
    {Kind::counter, Unit::none, "hostmeter_cgroups_unseen_total",
     "Cgroups that were made and removed between two readings, by the kernel's word alone."},
};

constexpr FieldSeries kSeries[] = {
    series(CgroupTree::others, kMetrics[cgroups], "other"),
    series(CgroupTree::slices, kMetrics[cgroups], "slice"),
    series(CgroupTree::units, kMetrics[cgroups], "unit"),
    series(CgroupTree::pods, kMetrics[cgroups], "pod"),
    series(CgroupTree::containers, kMetrics[cgroups], "container"),
    series(CgroupTree::nested, kMetrics[cgroups], "nested"),
    series(CgroupTree::ignored, kMetrics[ignored]),
    series(CgroupTree::rescans, kMetrics[rescans]),
    series(CgroupTree::overflows, kMetrics[overflows]),
    series(CgroupTree::watches, kMetrics[watches]),
    series(CgroupTree::notified, kMetrics[notified]),
    series(CgroupTree::sees_whole, kMetrics[whole]),
    series(CgroupTree::lingering, kMetrics[lingering]),
    series(CgroupTree::cut_short, kMetrics[cut_short]),
    series(CgroupTree::unseen, kMetrics[unseen]),
};
constexpr GroupSeries kGroups[] = {group_series<CgroupTree>(kSeries)};

}  // namespace

extern const CollectorSpec cgroup_tree{
    .name = "cgroup_tree", .scope = Scope::host, .metrics = kMetrics, .groups = kGroups};

}  // namespace hostmeter::collect
