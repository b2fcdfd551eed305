// Keeps the instances of disks true to their names.
#pragma once
#include <utility>

#include "source/bpf/tree_counts.hpp"
#include "source/disk_names.hpp"
#include "source/host.hpp"

namespace hostmeter::source::bpf {

// Of a reader whose items are of a disk each: its number is their id.
class DiskWatch {
 public:
  explicit DiskWatch(Host& host) : host_(host), disks_(host.sys) {}

  // Every so many ticks: an item whose disk goes by another name now loses its instances; what is
  // counted next under the number of another disk starts over.
  template <class Counting>
  void refresh(TreeCounts<Counting>& counts, Output& out) {
    if (until_refresh_-- > 0) return;
    until_refresh_ = DiskNames::kRefreshTicks;
    for (const auto& account : counts.accounts().accounts())  // those that are to be kept
      for (const auto& item : account.items) (void)disks_.find(item.id);
    for (const DiskNames::Change& change : disks_.refresh())
      for (auto& account : counts.accounts().accounts())
        std::erase_if(account.items, [&](auto& item) {
          if (item.id != change.dev) return false;
          for (Instance& instance : item.instances) {
            if (instance == 0) continue;
            out.send(NewsItem(GoneInstance{account.subject, instance}));
            host_.instances.give_back(std::exchange(instance, 0));
          }
          item.changed = true;
          counts.accounts().mark_changed(account);
          return change.other_disk;
        });
  }

  const Disk& find(std::uint32_t dev) { return disks_.find(dev); }
  DiskNames& names() { return disks_; }

 private:
  Host& host_;
  DiskNames disks_;
  unsigned until_refresh_ = 0;
};

}  // namespace hostmeter::source::bpf
