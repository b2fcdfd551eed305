#include "source/bpf/blkio_reader.hpp"

#include <utility>

#include "source/bpf/blkio_object.hpp"

namespace hostmeter::source::bpf {
namespace {

Facts<CgroupBlkio> facts_of(const BlkioAccounts::Device& device) {
  Facts<CgroupBlkio> facts;
  for (std::size_t field = 0; field < device.sums.size(); ++field)
    facts.set(CgroupBlkio(field), device.sums[field]);
  return facts;
}

}  // namespace

BlkioReader::BlkioReader(Host& host, const cgroup::Inventory& inventory, std::size_t hierarchy,
                         std::unique_ptr<BlkioTable> table)
    : host_(host),
      inventory_(inventory),
      table_(std::move(table)),
      accounts_(inventory, hierarchy, [this](std::uint64_t id) { return table_->ancestors(id); }),
      disks_(host.sys),
      maps_(host.instances, kHost) {}

void BlkioReader::read(const Tick& tick, Output& out) {
  const auto rows = table_->rows();
  accounts_.begin();
  give_back_released();
  if (rows) {
    for (const BlkioRow& row : *rows) accounts_.add(row);
    accounts_.end();
    erase_spent();
    drop_changed_disks(out);
    send_accounts(out, tick.resend || failing_);
  } else {
    failed(rows.error());
    if (!failing_ || tick.resend) send_absent(out);
  }
  failing_ = !rows;
  send_health(out);
}

// Without this the rows of cgroups that came and went would fill the map. What was counted since
// all were read is credited first, and such a row stays until the next tick without any.
void BlkioReader::erase_spent() {
  for (const std::uint64_t id : accounts_.spent()) {
    std::span<const BlkioRow> rows = accounts_.rows_of(id);
    for (; !rows.empty(); rows = accounts_.rows_of(id)) {
      const wire_blkio_key key = rows.back().key;
      const auto now = table_->row(key);
      if (now && accounts_.add({key, *now})) break;
      if (!table_->erase(key)) break;  // tried again next tick
      accounts_.forget(key);
    }
    if (rows.empty()) table_->erase_ancestors(id);
  }
}

void BlkioReader::give_back_released() {
  for (const Instance instance : accounts_.released()) host_.instances.give_back(instance);
  accounts_.released().clear();
}

// Its instance goes; what is counted next under the number of another disk starts over.
void BlkioReader::drop_changed_disks(Output& out) {
  if (until_refresh_-- > 0) return;
  until_refresh_ = DiskNames::kRefreshTicks;
  for (const BlkioAccounts::Account& account : accounts_.accounts())
    for (const BlkioAccounts::Device& device : account.devices) (void)disks_.find(device.dev);
  for (const DiskNames::Change& change : disks_.refresh()) {
    for (BlkioAccounts::Account& account : accounts_.accounts()) {
      std::erase_if(account.devices, [&](BlkioAccounts::Device& device) {
        if (device.dev != change.dev) return false;
        if (device.instance != 0) {
          out.send(NewsItem(GoneInstance{account.subject, device.instance}));
          host_.instances.give_back(device.instance);
        }
        device.instance = 0;
        device.changed = true;
        return change.other_disk;
      });
    }
  }
}

void BlkioReader::send_accounts(Output& out, bool all) {
  for (BlkioAccounts::Account& account : accounts_.accounts()) {
    if (account.devices.empty()) continue;
    if (account.subject != kHost) {
      const cgroup::Cgroup* cgroup = inventory_.find(account.subject);
      if (!cgroup || !inventory_.is_served(*cgroup)) continue;
    }
    send_account(out, account, all);
  }
}

void BlkioReader::send_account(Output& out, BlkioAccounts::Account& account, bool all) {
  for (BlkioAccounts::Device& device : account.devices) {
    if (!device.changed && !all) continue;
    if (device.instance == 0) {
      const Disk& disk = disks_.find(device.dev);
      device.instance = host_.instances.take();
      out.send(NewsItem(
          NamedInstance{account.subject, device.instance, {disk.path, disk.major, disk.minor}}));
    }
    out.send(account.subject, facts_of(device), device.instance);
    device.changed = false;
  }
}

void BlkioReader::send_absent(Output& out) {
  for (const BlkioAccounts::Account& account : accounts_.accounts())
    for (const BlkioAccounts::Device& device : account.devices)
      if (device.instance != 0) out.send(account.subject, Facts<CgroupBlkio>{}, device.instance);
}

void BlkioReader::send_health(Output& out) {
  const MapHealth health = table_->health();
  Facts<BpfMap> counts;
  counts.set(BpfMap::entries, health.entries);
  counts.set(BpfMap::max_entries, health.max_entries);
  counts.set(BpfMap::dropped, health.dropped);
  counts.set(BpfMap::recursion_misses, health.recursion_misses);
  // One entry for each cgroup that has rows: made with its first, erased with its last.
  Facts<BpfMap> ancestors;
  ancestors.set(BpfMap::entries, accounts_.known());
  ancestors.set(BpfMap::max_entries, health.max_entries);
  out.send(kHost, counts, maps_.get(out, "blkio_counts"));
  out.send(kHost, ancestors, maps_.get(out, "blkio_ancestors"));
}

Result<std::unique_ptr<Reader>> make_blkio_reader(Host& host, const cgroup::Inventory& inventory,
                                                  std::size_t hierarchy, const Options& options) {
  auto object = BlkioObject::load(host, options);
  if (!object) return object.error();
  return std::unique_ptr<Reader>(
      std::make_unique<BlkioReader>(host, inventory, hierarchy, std::move(*object)));
}

}  // namespace hostmeter::source::bpf
