// Totals of containers that ended, by image and by pod.
#include "hostmeter/flow/facts/ended.hpp"

#include "hostmeter/collect/collector.hpp"

namespace hostmeter::collect {
namespace {

// What is said of an image is said of a pod.
enum { containers, cpu, bytes, requests, oom_kills, lifetime, kinds };
constexpr MetricDesc kMetrics[] = {
    {Kind::counter, Unit::none, "hostmeter_ended_containers_total",
     "Containers that ended since the agent started. A container is in these totals from the end "
     "of the tick that missed it, or when its name is known, at most 10 s later; image is "
     "\"overflow\" for those beyond limits.ended_rows.",
     "image,namespace"},
    {Kind::counter, Unit::seconds, "hostmeter_ended_container_cpu_seconds_total",
     "CPU time that ended containers used in their whole lives; without BPF, until they were last "
     "read.",
     "image,namespace"},
    {Kind::counter, Unit::bytes, "hostmeter_ended_container_blkio_bytes_total",
     "Bytes that ended containers moved to and from block devices; without BPF, until they were "
     "last read.",
     "image,namespace,operation"},
    {Kind::counter, Unit::none, "hostmeter_ended_container_blkio_requests_total",
     "Requests of ended containers to block devices; without BPF, until they were last read.",
     "image,namespace,operation"},
    {Kind::counter, Unit::none, "hostmeter_ended_container_oom_kills_total",
     "Processes of ended containers that were killed for want of memory; without BPF, until they "
     "were last read.",
     "image,namespace"},
    {Kind::counter, Unit::seconds, "hostmeter_ended_container_lifetime_seconds_total",
     "Time that ended containers lived: as the kernel tells, or between the ticks that found and "
     "missed them; of those older than the agent, since it started.",
     "image,namespace"},

    {Kind::counter, Unit::none, "hostmeter_pod_ended_containers_total",
     "Containers of a Kubernetes pod that ended since the agent started. A pod without containers "
     "is dropped an hour after the last one ended; pod is \"overflow\" for those beyond "
     "limits.ended_rows.",
     "namespace,pod"},
    {Kind::counter, Unit::seconds, "hostmeter_pod_ended_container_cpu_seconds_total",
     "As hostmeter_ended_container_cpu_seconds_total, by pod.", "namespace,pod"},
    {Kind::counter, Unit::bytes, "hostmeter_pod_ended_container_blkio_bytes_total",
     "As hostmeter_ended_container_blkio_bytes_total, by pod.", "namespace,pod,operation"},
    {Kind::counter, Unit::none, "hostmeter_pod_ended_container_blkio_requests_total",
     "As hostmeter_ended_container_blkio_requests_total, by pod.", "namespace,pod,operation"},
    {Kind::counter, Unit::none, "hostmeter_pod_ended_container_oom_kills_total",
     "As hostmeter_ended_container_oom_kills_total, by pod.", "namespace,pod"},
    {Kind::counter, Unit::seconds, "hostmeter_pod_ended_container_lifetime_seconds_total",
     "As hostmeter_ended_container_lifetime_seconds_total, by pod.", "namespace,pod"},
};

consteval auto rows(std::size_t first) {
  const auto row = [&](Ended field, std::size_t kind, std::string_view operation = {}) {
    return FieldSeries{std::uint8_t(field), &kMetrics[first + kind], operation};
  };
  return std::array{
      row(Ended::containers, containers),
      row(Ended::cpu_ns, cpu),
      row(Ended::read_bytes, bytes, "Read"),
      row(Ended::write_bytes, bytes, "Write"),
      row(Ended::discard_bytes, bytes, "Discard"),
      row(Ended::read_ops, requests, "Read"),
      row(Ended::write_ops, requests, "Write"),
      row(Ended::discard_ops, requests, "Discard"),
      row(Ended::oom_kills, oom_kills),
      row(Ended::lifetime_ns, lifetime),
  };
}
constexpr auto kByImage = rows(0);
constexpr auto kByPod = rows(kinds);
constexpr GroupSeries kGroups[] = {group_series<Ended>(kByImage, "image,namespace"),
                                   group_series<EndedInPod>(kByPod, "namespace,pod")};

}  // namespace

extern const CollectorSpec ended{
    .name = "ended", .scope = Scope::host, .metrics = kMetrics, .groups = kGroups};

}  // namespace hostmeter::collect
