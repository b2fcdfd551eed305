// Sums the kernel's rows up the cgroup tree.
#pragma once
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <unordered_map>
#include <utility>
#include <vector>

#include "source/bpf/counts_table.hpp"
#include "source/cgroup/inventory.hpp"

namespace hostmeter::source::bpf {

// What each row grew by since the last tick is added to its cgroup and to all above it, up to the
// host. So sums are hierarchical like io.stat's, never go back, and what a removed cgroup did
// stays with its parents without being remembered. A cgroup that is gone keeps its account, and
// gets what its rows grew by since, for the tick in which the inventory tells that it departed.
//
// Counting is of one subject: Key and Value as in CountsTable, Item (what a cgroup has several of,
// a device for example, with ==), Sums, the number kInstances, and the functions
//   bool is_valid(Key), bool is_same_row(Key, Key)     the cgroup aside
//   bool is_outlived(Key, Key)                         optional: the first is of a state that its
//                                                      cgroup has replaced by that of the second
//   Item item_of(Key)
//   Value growth(now, seen), bool is_growth(Value)     never negative
//   void grow(Value& seen, growth), void credit(Sums&, Key, growth)
template <class Counting>
class TreeAccounts {
 public:
  using Key = typename Counting::Key;
  using Value = typename Counting::Value;
  using Row = CountsRow<Key, Value>;

  // A row of the map, counted until here: the most that it had.
  struct Seen {
    Key key;
    Value sum{};
    // Of a state that its cgroup has replaced: the last tick in which it grew, or when that was
    // found. What was under way then may still come. 0: not so.
    std::uint64_t outlived = 0;
  };

  struct Item {
    typename Counting::Item id{};
    bool changed = true;  // since the owner of this class last cleared it
    std::array<Instance, Counting::kInstances> instances{};  // the owner's business; 0: none yet
    typename Counting::Sums sums{};
  };
  struct Account {
    Subject subject;
    bool changed = false;  // some of its items are
    std::vector<Item> items;
  };
  using AncestorsOf = std::function<wire_ancestors(std::uint64_t cgroup_id)>;

  // hierarchy: the inventory's number of the one that the kernfs ids are of.
  // ancestors_of is asked about cgroups that are not, or no longer, in the inventory.
  TreeAccounts(const cgroup::Inventory& inventory, std::size_t hierarchy, AncestorsOf ancestors_of)
      : inventory_(inventory), hierarchy_(hierarchy), ancestors_of_(std::move(ancestors_of)) {}

  // A tick: begin, add for each row of the map that may have grown, end. True: the row had.
  void begin();
  bool add(const Row&);
  void end();

  // By slot; the subject of a slot without items means nothing.
  std::span<Account> accounts() { return accounts_; }
  // The slots of those that are marked as changed, each once; whoever has looked at them all clears
  // the marks.
  std::span<const std::uint32_t> changed() const { return changed_; }
  void mark_changed(Account&);
  void clear_changed();
  std::span<const Item> items_of(Subject) const;
  const Item* find(Subject, const typename Counting::Item&) const;

  // One that is there, or departed in this tick.
  const cgroup::Cgroup* cgroup_of(Subject) const;

  // Instances of accounts that begin() dropped with their cgroup.
  std::vector<Instance>& released() { return released_; }

  // Cgroups that are gone and did nothing more in this tick: their rows may be erased from the map,
  // and each must then be forgotten here; with its last row the cgroup is.
  std::span<const std::uint64_t> spent() const { return spent_; }
  std::span<const Seen> rows_of(std::uint64_t cgroup_id) const;
  // Likewise rows of cgroups that are there, which have not grown for long.
  std::span<const Key> outlived() const { return idle_outlived_; }
  void forget(const Key&);

  // Cgroups that have rows, and their rows.
  std::size_t known() const { return known_.size(); }
  std::size_t rows() const { return rows_; }

 private:
  // A cgroup that the inventory had and lost is gone. One that it never had may just be too new.
  static constexpr unsigned kIdleTicksOfTheGone = 1, kIdleTicksOfTheUnknown = 5;
  // A cgroup may leave this hierarchy alone, of which nobody tells.
  static constexpr unsigned kStirEach = 60;

  // A cgroup as the map knows it, perhaps before the inventory does, or after.
  struct Known {
    std::vector<Seen> seen;
    std::size_t outlived = 0;  // so many of them are
    Subject owner = kHost;     // the nearest cgroup in the inventory that got what was seen
    bool settled = false;      // owner is the cgroup itself, or the time for that is over
    bool found = false;        // was ever in the inventory
    bool alive = false;        // was in the inventory when it was last placed
    std::uint64_t placed = 0, active = 0;  // the last ticks in which it was, and in which it grew
    unsigned idle = 0;                     // ticks since
  };

  static constexpr std::uint64_t kIdleTicksOfTheOutlived = 60, kNever = ~std::uint64_t{0};

  Seen& seen_of(Known&, const Key&);
  void note_outlived(Known&, Seen&);
  void find_idle_outlived();
  const cgroup::Cgroup* place(std::uint64_t cgroup_id, Known&, bool grew);
  const cgroup::Cgroup* departed(std::uint64_t cgroup_id) const;
  const cgroup::Cgroup* nearest_above(std::uint64_t cgroup_id) const;
  bool is_below(const cgroup::Cgroup& cgroup, Subject above) const;
  void hand_over(Known&, const cgroup::Cgroup* owner);
  void credit(const cgroup::Cgroup* from, const Subject* below, const Key&, const Value& growth);
  Item& item(Subject, const typename Counting::Item&);

  const cgroup::Inventory& inventory_;
  std::size_t hierarchy_;
  AncestorsOf ancestors_of_;
  std::vector<Account> accounts_;
  std::vector<std::uint32_t> changed_;
  std::unordered_map<std::uint64_t, Known> known_;
  std::size_t rows_ = 0;
  std::uint64_t tick_ = 0;
  bool stirred_ = true;    // in this tick cgroups may have other places than in the last
  bool was_gone_ = false;  // someone, in the last tick
  bool restless_ = false;  // someone's place is not yet, or no longer, its own
  std::vector<std::uint64_t> spent_;
  std::uint64_t next_idle_ = kNever;  // no outlived row has been idle for long before this tick
  std::vector<Key> idle_outlived_;
  std::vector<Instance> released_;
  std::unordered_map<std::uint64_t, const cgroup::Cgroup*> departed_by_id_;
  std::unordered_map<std::uint32_t, const cgroup::Cgroup*> departed_by_slot_;
};

template <class Counting>
void TreeAccounts<Counting>::begin() {
  spent_.clear();
  departed_by_id_.clear();
  departed_by_slot_.clear();
  for (const auto& cgroup : inventory_.departed()) {
    if (cgroup->kernfs_id[hierarchy_] != 0)
      departed_by_id_.emplace(cgroup->kernfs_id[hierarchy_], cgroup.get());
    departed_by_slot_.emplace(cgroup->subject.slot, cgroup.get());
  }
  ++tick_;
  const bool is_gone = !inventory_.gone().empty() || !inventory_.departed().empty();
  stirred_ = std::exchange(was_gone_, is_gone) || is_gone || restless_ ||
             !inventory_.born().empty() || tick_ % kStirEach == 1;
  if (!stirred_) return;
  for (Account& account : accounts_) {
    if (account.items.empty() || account.subject == kHost || cgroup_of(account.subject)) continue;
    for (const Item& item : account.items)
      for (const Instance instance : item.instances)
        if (instance != 0) released_.push_back(instance);
    account.items.clear();
  }
}

template <class Counting>
bool TreeAccounts<Counting>::add(const Row& row) {
  if (!Counting::is_valid(row.key)) return false;
  Known& known = known_[row.key.cgroup_id];
  Seen& seen = seen_of(known, row.key);
  const Value growth = Counting::growth(row.sum, seen.sum);
  const bool grew = Counting::is_growth(growth);
  if (!grew && known.placed == tick_) return false;
  const cgroup::Cgroup* const owner = place(row.key.cgroup_id, known, grew);
  if (!grew) return false;
  known.active = tick_;
  if (seen.outlived != 0) seen.outlived = tick_;
  Counting::grow(seen.sum, growth);
  credit(owner, nullptr, row.key, growth);
  return true;
}

// Who gets what it did: the cgroup itself, the nearest above that is known, or the host alone.
template <class Counting>
const cgroup::Cgroup* TreeAccounts<Counting>::place(std::uint64_t cgroup_id, Known& known,
                                                    bool grew) {
  known.placed = tick_;
  const cgroup::Cgroup* owner = nullptr;
  if (cgroup_id != 0) {
    owner = inventory_.by_kernfs_id(hierarchy_, cgroup_id);
    known.alive = owner != nullptr;
    if (!owner) owner = departed(cgroup_id);
    known.found |= owner != nullptr;
    if (!owner && grew) owner = nearest_above(cgroup_id);
    restless_ |= !known.alive;
  }
  if (owner || grew) hand_over(known, owner);
  return owner;
}

template <class Counting>
void TreeAccounts<Counting>::end() {
  find_idle_outlived();
  if (!stirred_) return;
  restless_ = false;
  for (auto& [id, known] : known_) {
    if (known.placed != tick_) place(id, known, false);
    known.idle = known.alive || known.active == tick_ || id == 0 ? 0 : known.idle + 1;
    restless_ |= id != 0 && !(known.alive && known.settled);
    if (known.idle >= (known.found ? kIdleTicksOfTheGone : kIdleTicksOfTheUnknown))
      spent_.push_back(id);
  }
}

template <class Counting>
void TreeAccounts<Counting>::mark_changed(Account& account) {
  if (!std::exchange(account.changed, true))
    changed_.push_back(std::uint32_t(&account - accounts_.data()));
}

template <class Counting>
void TreeAccounts<Counting>::clear_changed() {
  for (const std::uint32_t slot : changed_) accounts_[slot].changed = false;
  changed_.clear();
}

template <class Counting>
auto TreeAccounts<Counting>::items_of(Subject subject) const -> std::span<const Item> {
  if (subject.slot >= accounts_.size() || accounts_[subject.slot].subject != subject) return {};
  return accounts_[subject.slot].items;
}

template <class Counting>
auto TreeAccounts<Counting>::find(Subject subject, const typename Counting::Item& id) const
    -> const Item* {
  for (const Item& item : items_of(subject))
    if (item.id == id) return &item;
  return nullptr;
}

template <class Counting>
const cgroup::Cgroup* TreeAccounts<Counting>::cgroup_of(Subject subject) const {
  if (const cgroup::Cgroup* live = inventory_.find(subject)) return live;
  const auto gone = departed_by_slot_.find(subject.slot);
  if (gone == departed_by_slot_.end() || gone->second->subject != subject) return nullptr;
  return gone->second;
}

template <class Counting>
const cgroup::Cgroup* TreeAccounts<Counting>::departed(std::uint64_t cgroup_id) const {
  const auto gone = departed_by_id_.find(cgroup_id);
  return gone == departed_by_id_.end() ? nullptr : gone->second;
}

template <class Counting>
auto TreeAccounts<Counting>::rows_of(std::uint64_t cgroup_id) const -> std::span<const Seen> {
  const auto known = known_.find(cgroup_id);
  if (known == known_.end()) return {};
  return known->second.seen;
}

template <class Counting>
void TreeAccounts<Counting>::note_outlived(Known& known, Seen& row) {
  if (row.outlived != 0) return;
  row.outlived = tick_;
  ++known.outlived;
  next_idle_ = std::min(next_idle_, tick_ + kIdleTicksOfTheOutlived);
}

template <class Counting>
void TreeAccounts<Counting>::find_idle_outlived() {
  idle_outlived_.clear();
  if (tick_ < next_idle_) return;
  next_idle_ = kNever;
  for (const auto& [id, known] : known_) {
    if (known.outlived == 0) continue;
    for (const Seen& row : known.seen) {
      if (row.outlived == 0) continue;
      const std::uint64_t due = row.outlived + kIdleTicksOfTheOutlived;
      // Until it is settled, what was seen may still be another's.
      if (due <= tick_ && known.settled) idle_outlived_.push_back(row.key);
      next_idle_ = std::min(next_idle_, std::max(due, tick_ + 1));
    }
  }
}

template <class Counting>
void TreeAccounts<Counting>::forget(const Key& key) {
  const auto found = known_.find(key.cgroup_id);
  if (found == known_.end()) return;
  Known& known = found->second;
  const auto row = std::ranges::find_if(
      known.seen, [&](const Seen& one) { return Counting::is_same_row(one.key, key); });
  if (row == known.seen.end()) return;
  if (row->outlived != 0) --known.outlived;
  known.seen.erase(row);
  --rows_;
  if (known.seen.empty()) known_.erase(found);
}

template <class Counting>
auto TreeAccounts<Counting>::seen_of(Known& known, const Key& key) -> Seen& {
  for (Seen& row : known.seen)
    if (Counting::is_same_row(row.key, key)) return row;
  ++rows_;
  Seen& added = known.seen.emplace_back(Seen{.key = key});
  if constexpr (requires { Counting::is_outlived(key, key); })
    for (Seen& row : known.seen) {
      if (Counting::is_outlived(row.key, key)) note_outlived(known, row);
      if (Counting::is_outlived(key, row.key)) note_outlived(known, added);
    }
  return added;
}

template <class Counting>
const cgroup::Cgroup* TreeAccounts<Counting>::nearest_above(std::uint64_t cgroup_id) const {
  const wire_ancestors ancestors = ancestors_of_(cgroup_id);
  for (const std::uint64_t id : ancestors.cgroup_id) {
    if (id == 0) break;
    if (const cgroup::Cgroup* above = inventory_.by_kernfs_id(hierarchy_, id)) return above;
    if (const cgroup::Cgroup* above = departed(id)) return above;
  }
  return nullptr;
}

template <class Counting>
bool TreeAccounts<Counting>::is_below(const cgroup::Cgroup& cgroup, Subject above) const {
  if (cgroup.subject == kHost || cgroup.subject == above) return false;
  if (above == kHost) return true;
  for (const cgroup::Cgroup* next = cgroup_of(cgroup.parent); next && next->subject != kHost;
       next = cgroup_of(next->parent))
    if (next->subject == above) return true;
  return false;
}

// What a cgroup did before the inventory knew it went to the nearest one above that it did know.
// As soon as a nearer one is known, that and those between get it too.
template <class Counting>
void TreeAccounts<Counting>::hand_over(Known& known, const cgroup::Cgroup* owner) {
  const Subject subject = owner ? owner->subject : kHost;
  if (known.settled) return;
  if (subject == known.owner) {
    known.settled = known.alive;
    return;
  }
  if (owner && is_below(*owner, known.owner)) {
    for (const Seen& row : known.seen) credit(owner, &known.owner, row.key, row.sum);
  } else {
    known.settled = true;  // the old owner is gone
  }
  known.owner = subject;
  known.settled |= known.alive;
}

// To a cgroup and all above it: the host last, or those below a given one.
template <class Counting>
void TreeAccounts<Counting>::credit(const cgroup::Cgroup* from, const Subject* below,
                                    const Key& key, const Value& growth) {
  const auto add_to = [&](Subject subject) {
    Item& sums = item(subject, Counting::item_of(key));
    Counting::credit(sums.sums, key, growth);
    sums.changed = true;
    mark_changed(accounts_[subject.slot]);
  };
  const Subject end = below ? *below : kHost;
  for (const cgroup::Cgroup* next = from; next && next->subject != kHost && next->subject != end;
       next = cgroup_of(next->parent))
    add_to(next->subject);
  if (!below) add_to(kHost);
}

template <class Counting>
auto TreeAccounts<Counting>::item(Subject subject, const typename Counting::Item& id) -> Item& {
  if (subject.slot >= accounts_.size()) {
    accounts_.resize(subject.slot + 1);
    changed_.reserve(accounts_.capacity());  // then no tick allocates for those it marks
  }
  Account& account = accounts_[subject.slot];
  account.subject = subject;  // begin() emptied the slot if it had been another's
  for (Item& item : account.items)
    if (item.id == id) return item;
  account.items.push_back(Item{});
  account.items.back().id = id;
  return account.items.back();
}

}  // namespace hostmeter::source::bpf
