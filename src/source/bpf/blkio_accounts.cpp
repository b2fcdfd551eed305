#include "source/bpf/blkio_accounts.hpp"

#include <utility>

namespace hostmeter::source::bpf {
namespace {

// A cgroup that the inventory had and lost is gone. One that it never had may just be too new.
constexpr unsigned kIdleTicksOfTheGone = 1, kIdleTicksOfTheUnknown = 5;

struct Fields {
  CgroupBlkio bytes, ops;
};
constexpr Fields kFields[] = {
    {CgroupBlkio::read_bytes, CgroupBlkio::read_ops},
    {CgroupBlkio::write_bytes, CgroupBlkio::write_ops},
    {CgroupBlkio::discard_bytes, CgroupBlkio::discard_ops},
    {CgroupBlkio::count, CgroupBlkio::flush_ops},  // a flush moves no bytes
};
static_assert(std::size(kFields) == WIRE_BLKIO_OPS);

// A row shrinks while a request is queued again: until that is issued anew nothing has happened
// that was not counted before.
std::uint64_t grown(std::uint64_t now, std::uint64_t most) {
  const bool more = std::int64_t(now) > std::int64_t(most);
  return more ? now - most : 0;
}

wire_blkio& seen_of(std::vector<BlkioRow>& seen, const wire_blkio_key& key) {
  for (BlkioRow& row : seen)
    if (row.key.dev == key.dev && row.key.op == key.op) return row.sum;
  return seen.emplace_back(BlkioRow{key, {}}).sum;
}

}  // namespace

BlkioAccounts::BlkioAccounts(const cgroup::Inventory& inventory, std::size_t hierarchy,
                             AncestorsOf ancestors_of)
    : inventory_(inventory), hierarchy_(hierarchy), ancestors_of_(std::move(ancestors_of)) {}

void BlkioAccounts::begin() {
  spent_.clear();
  for (Account& account : accounts_) {
    if (account.devices.empty() || account.subject == kHost || inventory_.find(account.subject))
      continue;
    for (const Device& device : account.devices)
      if (device.instance != 0) released_.push_back(device.instance);
    account.devices.clear();
  }
}

bool BlkioAccounts::add(const BlkioRow& row) {
  if (row.key.op >= WIRE_BLKIO_OPS) return false;
  Known& known = known_[row.key.cgroup_id];
  wire_blkio& seen = seen_of(known.seen, row.key);
  const wire_blkio growth{grown(row.sum.bytes, seen.bytes), grown(row.sum.ops, seen.ops)};
  const bool grew = growth.bytes != 0 || growth.ops != 0;

  const cgroup::Cgroup* owner = nullptr;  // the host alone
  if (row.key.cgroup_id != 0) {
    owner = inventory_.by_kernfs_id(hierarchy_, row.key.cgroup_id);
    known.alive |= owner != nullptr;
    if (!owner && grew) owner = nearest_above(row.key.cgroup_id);
  }
  if (owner || grew) hand_over(known, owner);
  if (!grew) return false;
  known.active = true;
  seen.bytes += growth.bytes;
  seen.ops += growth.ops;
  credit(owner, nullptr, row.key, growth);
  return true;
}

void BlkioAccounts::end() {
  for (auto& [id, known] : known_) {
    known.found |= known.alive;
    known.idle = known.alive || known.active || id == 0 ? 0 : known.idle + 1;
    known.alive = known.active = false;
    if (known.idle >= (known.found ? kIdleTicksOfTheGone : kIdleTicksOfTheUnknown))
      spent_.push_back(id);
  }
}

std::span<const BlkioRow> BlkioAccounts::rows_of(std::uint64_t cgroup_id) const {
  const auto known = known_.find(cgroup_id);
  if (known == known_.end()) return {};
  return known->second.seen;
}

void BlkioAccounts::forget(const wire_blkio_key& key) {
  const auto known = known_.find(key.cgroup_id);
  if (known == known_.end()) return;
  std::erase_if(known->second.seen, [&](const BlkioRow& row) {
    return row.key.dev == key.dev && row.key.op == key.op;
  });
  if (known->second.seen.empty()) known_.erase(known);
}

const cgroup::Cgroup* BlkioAccounts::nearest_above(std::uint64_t cgroup_id) const {
  const wire_blkio_ancestors ancestors = ancestors_of_(cgroup_id);
  for (const std::uint64_t id : ancestors.cgroup_id) {
    if (id == 0) break;
    if (const cgroup::Cgroup* above = inventory_.by_kernfs_id(hierarchy_, id)) return above;
  }
  return nullptr;
}

bool BlkioAccounts::is_below(const cgroup::Cgroup& cgroup, Subject above) const {
  if (cgroup.subject == kHost || cgroup.subject == above) return false;
  if (above == kHost) return true;
  for (const cgroup::Cgroup* next = inventory_.find(cgroup.parent); next && next->subject != kHost;
       next = inventory_.find(next->parent))
    if (next->subject == above) return true;
  return false;
}

// What a cgroup did before the inventory knew it went to the nearest one above that it did know.
// As soon as a nearer one is known, that and those between get it too.
void BlkioAccounts::hand_over(Known& known, const cgroup::Cgroup* owner) {
  const Subject subject = owner ? owner->subject : kHost;
  if (known.settled || subject == known.owner) return;
  if (owner && is_below(*owner, known.owner)) {
    for (const BlkioRow& row : known.seen) credit(owner, &known.owner, row.key, row.sum);
  } else {
    known.settled = true;  // the old owner is gone
  }
  known.owner = subject;
  known.settled |= known.alive;
}

// To a cgroup and all above it: the host last, or those below a given one.
void BlkioAccounts::credit(const cgroup::Cgroup* from, const Subject* below,
                           const wire_blkio_key& key, const wire_blkio& growth) {
  const auto [bytes, ops] = kFields[key.op];
  const auto add_to = [&, bytes = bytes, ops = ops](Subject subject) {
    Device& sums = device(subject, key.dev);
    if (bytes != CgroupBlkio::count) sums.sums[std::size_t(bytes)] += growth.bytes;
    sums.sums[std::size_t(ops)] += growth.ops;
    sums.changed = true;
  };
  const Subject end = below ? *below : kHost;
  for (const cgroup::Cgroup* next = from; next && next->subject != kHost && next->subject != end;
       next = inventory_.find(next->parent))
    add_to(next->subject);
  if (!below) add_to(kHost);
}

BlkioAccounts::Device& BlkioAccounts::device(Subject subject, std::uint32_t dev) {
  if (subject.slot >= accounts_.size()) accounts_.resize(subject.slot + 1);
  Account& account = accounts_[subject.slot];
  account.subject = subject;  // begin() emptied the slot if it had been another's
  for (Device& device : account.devices)
    if (device.dev == dev) return device;
  account.devices.push_back(Device{});
  account.devices.back().dev = dev;
  return account.devices.back();
}

}  // namespace hostmeter::source::bpf
