#include "source/bpf/blkio_reader.hpp"

#include <utility>

#include "hostmeter/flow/facts/cgroup_blkio_latency.hpp"
#include "source/bpf/blkio_object.hpp"
#include "source/bpf/latency_facts.hpp"

namespace hostmeter::source::bpf {
namespace {

// Of enum wire_blkio_op; as container_blkio_device_usage_total has them, which has no Flush.
constexpr const char* kOperations[] = {"Read", "Write", "Discard", "Flush"};
static_assert(std::size(kOperations) == WIRE_BLKIO_OPS);

Facts<CgroupBlkio> facts_of(const BlkioAccounts::Item& device) {
  Facts<CgroupBlkio> facts;
  for (std::size_t field = 0; field < device.sums.counts.size(); ++field)
    facts.set(CgroupBlkio(field), device.sums.counts[field]);
  return facts;
}

}  // namespace

BlkioReader::BlkioReader(Host& host, const cgroup::Inventory& inventory, std::size_t hierarchy,
                         std::unique_ptr<BlkioTable> table)
    : host_(host),
      counts_(host.instances, inventory, hierarchy, std::move(table)),
      disks_(host),
      unseen_(host),
      maps_(host.instances, "blkio_rows", "blkio_ancestors", "blkio_direct") {}

void BlkioReader::read(const Tick& tick, Output& out) {
  sent_.clear();
  const auto failure = counts_.update();
  was_failing_ = std::exchange(failing_, failure.has_value());
  if (!failure) {
    sent_all_ = tick.resend || was_failing_;
    disks_.refresh(counts_, out);
    counts_.each(sent_all_, [&](Subject subject, Device& device) {
      const bool is_new = device.instances[0] == 0;  // or goes by a new name
      out.send(subject, facts_of(device), instance_of(subject, device, out));
      sent_.push_back({subject, &device, is_new || sent_all_});
    });
  } else {
    failed(*failure);
    if (!was_failing_ || tick.resend) send_absent(out);
  }
  maps_.send(out, counts_.health(), counts_.accounts().known());
}

void BlkioReader::send_latencies(const Tick& tick, Output& out) {
  if (failing_) {
    if (!was_failing_ || tick.resend) send_latencies_absent(out);
    return;
  }
  for (const auto& [subject, device, all] : sent_) {
    const std::uint32_t grown = std::exchange(device->sums.grown_latencies, 0);
    for (unsigned op = 0; op < WIRE_BLKIO_OPS; ++op) {
      const LatencySums& sums = device->sums.latencies[op];
      if ((grown >> op & 1U) == 0 && !(all && sums.total() != 0)) continue;
      out.send(subject, latency_facts<CgroupBlkioLatency>(sums),
               instance_of(subject, *device, op, out));
    }
  }
  if (const auto unread = unseen_.update(counts_.accounts(), disks_.names(), sent_all_, out))
    failed(*unread);
}

Instance BlkioReader::instance_of(Subject subject, Device& device, Output& out) {
  Instance& instance = device.instances[0];
  if (instance != 0) return instance;
  const Disk& disk = disks_.find(device.id);
  instance = host_.instances.take();
  out.send(NewsItem(NamedInstance{subject, instance, {disk.path, disk.major, disk.minor}}));
  return instance;
}

Instance BlkioReader::instance_of(Subject subject, Device& device, unsigned op, Output& out) {
  Instance& instance = device.instances[1 + op];
  if (instance != 0) return instance;
  instance = host_.instances.take();
  out.send(
      NewsItem(NamedInstance{subject, instance, {disks_.find(device.id).path, kOperations[op]}}));
  return instance;
}

void BlkioReader::send_absent(Output& out) {
  for (const BlkioAccounts::Account& account : counts_.accounts().accounts())
    for (const Device& device : account.items)
      if (device.instances[0] != 0)
        out.send(account.subject, Facts<CgroupBlkio>{}, device.instances[0]);
}

void BlkioReader::send_latencies_absent(Output& out) {
  for (const BlkioAccounts::Account& account : counts_.accounts().accounts())
    for (const Device& device : account.items)
      for (unsigned op = 0; op < WIRE_BLKIO_OPS; ++op)
        if (const Instance instance = device.instances[1 + op])
          out.send(account.subject, Facts<CgroupBlkioLatency>{}, instance);
}

Result<std::unique_ptr<BlkioReader>> make_blkio_reader(Host& host,
                                                       const cgroup::Inventory& inventory,
                                                       std::size_t hierarchy,
                                                       const Options& options) {
  auto object = BlkioObject::load(host, options);
  if (!object) return object.error();
  return std::make_unique<BlkioReader>(host, inventory, hierarchy, std::move(*object));
}

}  // namespace hostmeter::source::bpf
