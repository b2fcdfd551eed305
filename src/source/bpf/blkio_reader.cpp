#include "source/bpf/blkio_reader.hpp"

#include <utility>

#include "source/bpf/blkio_object.hpp"

namespace hostmeter::source::bpf {
namespace {

struct Ops {
  CgroupBlkio issued, untimed;
};
constexpr Ops kOps[] = {
    {CgroupBlkio::read_ops, CgroupBlkio::read_untimed},
    {CgroupBlkio::write_ops, CgroupBlkio::write_untimed},
    {CgroupBlkio::discard_ops, CgroupBlkio::discard_untimed},
};
static_assert(std::size(kOps) == WIRE_BLKIO_COUNTED_OPS);

}  // namespace

BlkioReader::BlkioReader(Host& host, const cgroup::Inventory& inventory, std::size_t hierarchy,
                         std::unique_ptr<BlkioTable> table)
    : host_(host),
      counts_(host.instances, inventory, hierarchy, std::move(table)),
      disks_(host),
      maps_(host.instances, "blkio_counts", "blkio_ancestors", "blkio_direct") {}

void BlkioReader::read(const Tick& tick, Output& out) {
  const auto failure = counts_.update();
  if (!failure) {
    disks_.refresh(counts_, out);
    compare();
    counts_.each(tick.resend || failing_,
                 [&](Subject subject, BlkioAccounts::Item& item) { send(subject, item, out); });
  } else {
    failed(*failure);
    if (!failing_ || tick.resend) send_absent(out);
  }
  failing_ = failure.has_value();
  maps_.send(out, counts_.health(), counts_.accounts().known());
}

// How many of each kind were issued and are not timed (yet). Where there were none and no more were
// issued there can be none.
void BlkioReader::compare() {
  BlkioAccounts& accounts = counts_.accounts();
  const bool were_timed = std::exchange(are_timed_, timed_ && timed_(kHost, 0, 0));
  if (were_timed != are_timed_)
    for (BlkioAccounts::Account& account : accounts.accounts()) {
      for (BlkioAccounts::Item& device : account.items) device.changed = true;
      accounts.mark_changed(account);
    }
  if (!are_timed_) return;
  to_compare_.reserve(accounts.accounts().size());
  pending_.reserve(accounts.accounts().size());
  to_compare_.assign(accounts.changed().begin(), accounts.changed().end());
  for (const std::uint32_t slot : pending_)
    if (!accounts.accounts()[slot].changed) to_compare_.push_back(slot);
  pending_.clear();
  for (const std::uint32_t slot : to_compare_) {
    BlkioAccounts::Account& account = accounts.accounts()[slot];
    bool is_pending = false, changed = false;
    for (BlkioAccounts::Item& device : account.items) {
      is_pending |= compare(account.subject, device);
      changed |= device.changed;
    }
    if (is_pending) pending_.push_back(slot);
    if (changed) accounts.mark_changed(account);
  }
}

// True when some are not timed yet.
bool BlkioReader::compare(Subject subject, BlkioAccounts::Item& device) const {
  bool pending = false;
  for (unsigned op = 0; op < WIRE_BLKIO_COUNTED_OPS; ++op) {
    std::uint64_t& untimed = device.sums[std::size_t(kOps[op].untimed)];
    if (!device.changed && untimed == 0) continue;
    const std::uint64_t issued = device.sums[std::size_t(kOps[op].issued)];
    const std::uint64_t timed = timed_(subject, device.id, op).value_or(0);
    // What was under way when counting began is timed, and was not counted as issued.
    const std::uint64_t now = issued > timed ? issued - timed : 0;
    device.changed |= now != untimed;
    untimed = now;
    pending |= now != 0;
  }
  return pending;
}

Facts<CgroupBlkio> BlkioReader::facts_of(const BlkioAccounts::Item& device) const {
  Facts<CgroupBlkio> facts;
  const auto fields = std::size_t(are_timed_ ? CgroupBlkio::count : CgroupBlkio::read_untimed);
  for (std::size_t field = 0; field < fields; ++field)
    facts.set(CgroupBlkio(field), device.sums[field]);
  return facts;
}

void BlkioReader::send(Subject subject, BlkioAccounts::Item& device, Output& out) {
  if (device.instance == 0) {
    const Disk& disk = disks_.find(device.id);
    device.instance = host_.instances.take();
    out.send(
        NewsItem(NamedInstance{subject, device.instance, {disk.path, disk.major, disk.minor}}));
  }
  out.send(subject, facts_of(device), device.instance);
}

void BlkioReader::send_absent(Output& out) {
  for (const BlkioAccounts::Account& account : counts_.accounts().accounts())
    for (const BlkioAccounts::Item& device : account.items)
      if (device.instance != 0) out.send(account.subject, Facts<CgroupBlkio>{}, device.instance);
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
