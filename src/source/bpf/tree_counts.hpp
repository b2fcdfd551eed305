// A table of BPF programs and what of it goes to which cgroup.
#pragma once
#include <algorithm>
#include <memory>
#include <utility>

#include "hostmeter/flow/instances.hpp"
#include "hostmeter/flow/output.hpp"
#include "source/bpf/tree_accounts.hpp"

namespace hostmeter::source::bpf {

template <class Counting>
class TreeCounts {
 public:
  using Accounts = TreeAccounts<Counting>;
  using Table = CountsTable<typename Counting::Key, typename Counting::Value>;
  using Item = typename Accounts::Item;

  TreeCounts(InstanceIds& instances, const cgroup::Inventory& inventory, std::size_t hierarchy,
             std::unique_ptr<Table> table)
      : instances_(instances),
        inventory_(inventory),
        table_(std::move(table)),
        accounts_(inventory, hierarchy,
                  [this](std::uint64_t id) { return table_->ancestors(id); }) {}

  // A tick. The error says why the table could not be read.
  std::optional<Error> update() {
    const auto rows = table_->grown();
    accounts_.begin();
    for (const Instance instance : accounts_.released()) instances_.give_back(instance);
    accounts_.released().clear();
    if (!rows) return rows.error();
    for (const auto& row : *rows) accounts_.add(row);
    accounts_.end();
    erase_spent();
    return {};
  }

  // send(subject, item) for what is served and changed since, or all; what departed in this tick is
  // among them.
  template <class Send>
  void each(bool all, Send&& send) {
    const std::span accounts = accounts_.accounts();
    const auto tell = [&](typename Accounts::Account& account) {
      if (account.items.empty() || !is_served(account.subject)) return;
      for (Item& item : account.items) {
        if (!item.changed && !all) continue;
        send(account.subject, item);
        item.changed = false;
      }
    };
    if (all)
      std::ranges::for_each(accounts, tell);
    else
      for (const std::uint32_t slot : accounts_.changed()) tell(accounts[slot]);
    accounts_.clear_changed();
  }

  Accounts& accounts() { return accounts_; }
  const Accounts& accounts() const { return accounts_; }
  MapHealth health() {
    MapHealth health = table_->health();
    health.entries = accounts_.rows();
    return health;
  }

 private:
  bool is_served(Subject subject) const {
    if (subject == kHost) return true;
    const cgroup::Cgroup* const cgroup = accounts_.cgroup_of(subject);
    return cgroup && inventory_.is_served(*cgroup);
  }

  // Without this the rows of cgroups that came and went would fill the map. What was counted since
  // all were read is credited first, and such a row stays until the next tick without any.
  void erase_spent() {
    for (const std::uint64_t id : accounts_.spent()) {
      auto rows = accounts_.rows_of(id);
      while (!rows.empty() && erase_row(rows.back().key)) rows = accounts_.rows_of(id);
      if (rows.empty()) table_->erase_ancestors(id);
    }
    for (const auto& key : accounts_.outlived()) erase_row(key);
  }
  // False: it may still grow, or cannot be erased; tried again next tick, and the next.
  bool erase_row(const typename Counting::Key key) {  // a copy: the row may be where it comes from
    const auto now = table_->row(key);
    if (!now || (*now && accounts_.add({key, **now})) || !table_->erase(key)) return false;
    accounts_.forget(key);
    return true;
  }

  InstanceIds& instances_;
  const cgroup::Inventory& inventory_;
  std::unique_ptr<Table> table_;
  Accounts accounts_;
};

}  // namespace hostmeter::source::bpf
