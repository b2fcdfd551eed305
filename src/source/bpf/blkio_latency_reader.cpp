#include "source/bpf/blkio_latency_reader.hpp"

#include <utility>

#include "hostmeter/flow/facts/cgroup_blkio_latency.hpp"
#include "source/bpf/blkio_latency_object.hpp"
#include "source/bpf/latency_facts.hpp"

namespace hostmeter::source::bpf {
namespace {

// Of enum wire_blkio_op; as container_blkio_device_usage_total has them, which has no Flush.
constexpr const char* kOperations[] = {"Read", "Write", "Discard", "Flush"};
static_assert(std::size(kOperations) == WIRE_BLKIO_OPS);

}  // namespace

BlkioLatencyReader::BlkioLatencyReader(Host& host, const cgroup::Inventory& inventory,
                                       std::size_t hierarchy,
                                       std::unique_ptr<BlkioLatencyTable> table)
    : host_(host),
      counts_(host.instances, inventory, hierarchy, std::move(table)),
      disks_(host),
      maps_(host.instances, "blkio_latencies", "blkio_latency_ancestors", "blkio_latency_direct") {}

void BlkioLatencyReader::read(const Tick& tick, Output& out) {
  const auto failure = counts_.update();
  if (!failure) {
    disks_.refresh(counts_, out);
    counts_.each(tick.resend || failing_, [&](Subject subject, BlkioLatencyAccounts::Item& item) {
      send(subject, item, out);
    });
  } else {
    failed(*failure);
    if (!failing_ || tick.resend) send_absent(out);
  }
  failing_ = failure.has_value();
  maps_.send(out, counts_.health(), counts_.accounts().known());
}

std::optional<std::uint64_t> BlkioLatencyReader::timed(Subject subject, std::uint32_t dev,
                                                       std::uint32_t op) const {
  if (failing_) return {};
  const BlkioLatencyAccounts::Item* item = counts_.accounts().find(subject, {dev, op});
  return item ? item->sums.total() : 0;
}

void BlkioLatencyReader::send(Subject subject, BlkioLatencyAccounts::Item& item, Output& out) {
  if (item.instance == 0) {
    item.instance = host_.instances.take();
    out.send(NewsItem(NamedInstance{
        subject, item.instance, {disks_.find(item.id.dev).path, kOperations[item.id.op]}}));
  }
  out.send(subject, latency_facts<CgroupBlkioLatency>(item.sums), item.instance);
}

void BlkioLatencyReader::send_absent(Output& out) {
  for (const BlkioLatencyAccounts::Account& account : counts_.accounts().accounts())
    for (const BlkioLatencyAccounts::Item& item : account.items)
      if (item.instance != 0) out.send(account.subject, Facts<CgroupBlkioLatency>{}, item.instance);
}

Result<std::unique_ptr<BlkioLatencyReader>> make_blkio_latency_reader(
    Host& host, const cgroup::Inventory& inventory, std::size_t hierarchy, const Options& options) {
  auto object = BlkioLatencyObject::load(host, options);
  if (!object) return object.error();
  return std::make_unique<BlkioLatencyReader>(host, inventory, hierarchy, std::move(*object));
}

}  // namespace hostmeter::source::bpf
