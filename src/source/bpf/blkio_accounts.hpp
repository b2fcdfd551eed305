// Sums the kernel's rows up the cgroup tree.
#pragma once
#include <array>
#include <cstdint>
#include <functional>
#include <span>
#include <unordered_map>
#include <vector>

#include "hostmeter/flow/facts/cgroup_blkio.hpp"
#include "source/bpf/blkio_table.hpp"
#include "source/cgroup/inventory.hpp"

namespace hostmeter::source::bpf {

// What each row grew by since the last tick is added to its cgroup and to all above it, up to the
// host. So sums are hierarchical like io.stat's, never go back, and what a removed cgroup did
// stays with its parents without being remembered.
class BlkioAccounts {
 public:
  struct Device {
    std::uint32_t dev = 0;
    bool changed = true;    // since the owner of this class last cleared it
    Instance instance = 0;  // the owner's business; 0: none yet
    std::array<std::uint64_t, std::size_t(CgroupBlkio::count)> sums{};
  };
  struct Account {
    Subject subject;
    std::vector<Device> devices;
  };
  using AncestorsOf = std::function<wire_blkio_ancestors(std::uint64_t cgroup_id)>;

  // hierarchy: the inventory's number of the one that has the io (v1: blkio) controller.
  // ancestors_of is asked about cgroups that are not, or no longer, in the inventory.
  BlkioAccounts(const cgroup::Inventory&, std::size_t hierarchy, AncestorsOf ancestors_of);

  // A tick: begin, add for each row of the map, end. True: the row had grown.
  void begin();
  bool add(const BlkioRow&);
  void end();

  // By slot; the subject of a slot without devices means nothing.
  std::span<Account> accounts() { return accounts_; }

  // Instances of accounts that begin() dropped with their cgroup.
  std::vector<Instance>& released() { return released_; }

  // Cgroups that are gone and did nothing more in this tick: their rows may be erased from the map,
  // and each must then be forgotten here; with its last row the cgroup is.
  std::span<const std::uint64_t> spent() const { return spent_; }
  std::span<const BlkioRow> rows_of(std::uint64_t cgroup_id) const;
  void forget(const wire_blkio_key&);

  // Cgroups that have rows.
  std::size_t known() const { return known_.size(); }

 private:
  // A cgroup as the map knows it, perhaps before the inventory does, or after.
  struct Known {
    std::vector<BlkioRow> seen;  // counted until here: the most that each row had
    Subject owner = kHost;       // the nearest cgroup in the inventory that got what was seen
    bool settled = false;        // owner is the cgroup itself, or the time for that is over
    bool found = false;          // was ever in the inventory
    bool alive = false, active = false;  // in this tick
    unsigned idle = 0;                   // ticks since
  };

  const cgroup::Cgroup* nearest_above(std::uint64_t cgroup_id) const;
  bool is_below(const cgroup::Cgroup& cgroup, Subject above) const;
  void hand_over(Known&, const cgroup::Cgroup* owner);
  void credit(const cgroup::Cgroup* from, const Subject* below, const wire_blkio_key&,
              const wire_blkio& growth);
  Device& device(Subject, std::uint32_t dev);

  const cgroup::Inventory& inventory_;
  std::size_t hierarchy_;
  AncestorsOf ancestors_of_;
  std::vector<Account> accounts_;
  std::unordered_map<std::uint64_t, Known> known_;
  std::vector<std::uint64_t> spent_;
  std::vector<Instance> released_;
};

}  // namespace hostmeter::source::bpf
