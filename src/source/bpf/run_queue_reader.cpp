#include "source/bpf/run_queue_reader.hpp"

#include <algorithm>
#include <utility>

#include "base/kernel_file.hpp"
#include "hostmeter/base/text.hpp"
#include "hostmeter/flow/facts/cgroup_run_queue.hpp"
#include "source/bpf/latency_facts.hpp"
#include "source/bpf/run_queue_object.hpp"

namespace hostmeter::source::bpf {
namespace {

constexpr std::uint64_t kSpareSlots = 1024, kMostSlots = 1U << 20;

bool has_pids(Host& host, const cgroup::Hierarchy& hierarchy) {
  const auto text = base::read_once(hierarchy.dir.fd(), "cgroup.subtree_control", host.buffer);
  if (!text) return false;
  for (Text words(Text::trim(*text)); !words.empty();)
    if (words.word() == "pids") return true;
  return false;
}

std::uint32_t slots_for(Host& host, std::string_view controller) {
  const auto text = base::read_once(host.proc.fd(), "cgroups", host.buffer);
  const std::uint64_t now = text ? cgroups_of(*text, controller) : 0;
  return std::uint32_t(std::min(kMostSlots, 2 * now + kSpareSlots));
}

}  // namespace

RunQueueReader::RunQueueReader(Host& host, const cgroup::Inventory& inventory,
                               std::size_t hierarchy, std::uint64_t threshold_ns,
                               std::unique_ptr<RunQueueTable> table)
    : counts_(host.instances, inventory, hierarchy, std::move(table)),
      maps_(host.instances, "run_queue_rows", "run_queue_ancestors"),
      threshold_ns_(threshold_ns) {}

void RunQueueReader::read(const Tick& tick, Output& out) {
  counts_.update();  // the rows are memory of ours
  counts_.each(tick.resend, [&](Subject subject, const RunQueueAccounts::Item& item) {
    if (threshold_ns_ == 0)
      out.send(subject, latency_facts<CgroupRunQueue>(item.sums));
    else
      out.send(subject, latency_facts<CgroupRunQueueLong>(item.sums));
  });
  Facts<RunQueueSettings> settings;
  settings.set(RunQueueSettings::threshold_ns, threshold_ns_);
  out.send(kHost, settings);
  maps_.send(out, counts_.health(), counts_.accounts().known());
}

std::uint64_t cgroups_of(std::string_view proc_cgroups, std::string_view controller) {
  for (Text lines(proc_cgroups); !lines.empty();) {
    Text line(lines.until('\n'));
    if (line.word() != controller) continue;
    line.word();  // its hierarchy
    return line.number().value_or(0);
  }
  return 0;
}

Result<std::unique_ptr<RunQueueReader>> make_run_queue_reader(
    Host& host, const cgroup::Inventory& inventory, const cgroup::Hierarchies& hierarchies,
    Options options) {
  const auto hierarchy = hierarchies.of(cgroup::Controller::cpu);
  if (!hierarchy) return Error{ENODEV, "there is no cgroup hierarchy for CPU time"};
  const bool by_pids =
      hierarchies.is_v2(*hierarchy) && has_pids(host, hierarchies.all()[*hierarchy]);
  options.run_queue_slots = slots_for(host, by_pids ? "pids" : "cpu");
  auto object = RunQueueObject::load(
      host, by_pids ? RunQueueController::pids : RunQueueController::cpu, options);
  if (!object) return object.error();
  return std::make_unique<RunQueueReader>(host, inventory, *hierarchy,
                                          options.run_queue_threshold_ns, std::move(*object));
}

}  // namespace hostmeter::source::bpf
