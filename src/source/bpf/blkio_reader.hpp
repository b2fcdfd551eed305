// Block I/O of every cgroup, from bpf/blkio.bpf.c.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "source/bpf/blkio_accounts.hpp"
#include "source/bpf/disk_watch.hpp"
#include "source/bpf/map_report.hpp"
#include "source/bpf/options.hpp"
#include "source/bpf/unseen_io.hpp"
#include "source/reader.hpp"

namespace hostmeter::source::bpf {

// Sends how much it was. How long it took is another reader's to send, below.
class BlkioReader final : public Reader {
 public:
  BlkioReader(Host&, const cgroup::Inventory&, std::size_t hierarchy, std::unique_ptr<BlkioTable>);

  void read(const Tick&, Output&) override;
  Mode mode() const override { return Mode::bpf; }

  // What the last read() found, and what it did not although a disk did it.
  void send_latencies(const Tick&, Output&);

  // See UnseenIo.
  std::vector<std::string> take_partly_seen() { return unseen_.take_found(); }

 private:
  using Device = BlkioAccounts::Item;

  Instance instance_of(Subject, Device&, Output&);
  Instance instance_of(Subject, Device&, unsigned op, Output&);
  void send_absent(Output&);
  void send_latencies_absent(Output&);

  Host& host_;
  TreeCounts<BlkioCounting> counts_;
  DiskWatch disks_;
  UnseenIo unseen_;
  MapReport maps_;
  struct Sent {
    Subject subject;
    Device* device;
    bool all;  // not only what grew
  };
  std::vector<Sent> sent_;  // in the last read(), valid until the next
  bool sent_all_ = false, was_failing_ = false, failing_ = false;
};

// How long it took, where that is known: called after the one above, in the same tick.
class BlkioLatencyReader final : public Reader {
 public:
  explicit BlkioLatencyReader(BlkioReader& blkio) : blkio_(blkio) {}

  void read(const Tick& tick, Output& out) override { blkio_.send_latencies(tick, out); }
  Mode mode() const override { return Mode::bpf; }

 private:
  BlkioReader& blkio_;
};

// Loads and attaches what counts as the options say. The error says what is missing, for the log
// and for the choice of another reader: nothing is left behind in the kernel. hierarchy: the
// inventory's number of the one that has the io (v1: blkio) controller. What the readers refer to
// outlives them.
Result<std::unique_ptr<BlkioReader>> make_blkio_reader(Host&, const cgroup::Inventory&,
                                                       std::size_t hierarchy, const Options&);

}  // namespace hostmeter::source::bpf
