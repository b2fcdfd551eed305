// Block I/O of every cgroup, from bpf/blkio.bpf.c.
#pragma once
#include <memory>

#include "hostmeter/flow/facts/bpf_map.hpp"
#include "source/bpf/blkio_accounts.hpp"
#include "source/bpf/blkio_table.hpp"
#include "source/bpf/options.hpp"
#include "source/cgroup/inventory.hpp"
#include "source/disk_names.hpp"
#include "source/host.hpp"
#include "source/reader.hpp"

namespace hostmeter::source::bpf {

class BlkioReader final : public Reader {
 public:
  BlkioReader(Host&, const cgroup::Inventory&, std::size_t hierarchy, std::unique_ptr<BlkioTable>);

  void read(const Tick&, Output&) override;
  Mode mode() const override { return Mode::bpf; }

 private:
  void erase_spent();
  void give_back_released();
  void drop_changed_disks(Output&);
  void send_accounts(Output&, bool all);
  void send_account(Output&, BlkioAccounts::Account&, bool all);
  void send_absent(Output&);
  void send_health(Output&);

  Host& host_;
  const cgroup::Inventory& inventory_;
  std::unique_ptr<BlkioTable> table_;
  BlkioAccounts accounts_;
  DiskNames disks_;
  InstanceSet maps_;
  unsigned until_refresh_ = 0;
  bool failing_ = false;
};

// Loads and attaches the program. The error says what is missing, for the log and for the choice
// of another reader: nothing is left behind in the kernel. hierarchy: the inventory's number of the
// one that has the io (v1: blkio) controller. What the readers refer to outlives them.
Result<std::unique_ptr<Reader>> make_blkio_reader(Host&, const cgroup::Inventory&,
                                                  std::size_t hierarchy, const Options&);

}  // namespace hostmeter::source::bpf
