// Block I/O of every cgroup, from bpf/blkio.bpf.c.
#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <utility>

#include "source/bpf/blkio_accounts.hpp"
#include "source/bpf/disk_watch.hpp"
#include "source/bpf/map_report.hpp"
#include "source/bpf/options.hpp"
#include "source/reader.hpp"

namespace hostmeter::source::bpf {

class BlkioReader final : public Reader {
 public:
  // Operations of one kind (enum wire_blkio_op) whose latency is known; nothing: of none is.
  using Timed =
      std::function<std::optional<std::uint64_t>(Subject, std::uint32_t dev, unsigned op)>;

  BlkioReader(Host&, const cgroup::Inventory&, std::size_t hierarchy, std::unique_ptr<BlkioTable>);

  // Whoever knows latencies is read before this one, so that none is known of what is not issued.
  void compare_with(Timed timed) { timed_ = std::move(timed); }

  void read(const Tick&, Output&) override;
  Mode mode() const override { return Mode::bpf; }

 private:
  void compare();
  bool compare(Subject, BlkioAccounts::Item&) const;
  Facts<CgroupBlkio> facts_of(const BlkioAccounts::Item&) const;
  void send(Subject, BlkioAccounts::Item&, Output&);
  void send_absent(Output&);

  Host& host_;
  TreeCounts<BlkioCounting> counts_;
  DiskWatch disks_;
  MapReport maps_;
  Timed timed_;
  bool are_timed_ = false;                 // in this tick
  std::vector<std::uint32_t> pending_;     // slots: some are not timed yet
  std::vector<std::uint32_t> to_compare_;  // likewise, in this tick
  bool failing_ = false;
};

// Loads and attaches the program. The error says what is missing, for the log and for the choice
// of another reader: nothing is left behind in the kernel. hierarchy: the inventory's number of the
// one that has the io (v1: blkio) controller. What the readers refer to outlives them.
Result<std::unique_ptr<BlkioReader>> make_blkio_reader(Host&, const cgroup::Inventory&,
                                                       std::size_t hierarchy, const Options&);

}  // namespace hostmeter::source::bpf
