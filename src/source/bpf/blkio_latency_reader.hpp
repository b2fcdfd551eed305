// How long block I/O of every cgroup took, from bpf/blkio_latency.bpf.c.
#pragma once
#include <memory>
#include <optional>

#include "source/bpf/blkio_latency.hpp"
#include "source/bpf/disk_watch.hpp"
#include "source/bpf/map_report.hpp"
#include "source/bpf/options.hpp"
#include "source/reader.hpp"

namespace hostmeter::source::bpf {

class BlkioLatencyReader final : public Reader {
 public:
  BlkioLatencyReader(Host&, const cgroup::Inventory&, std::size_t hierarchy,
                     std::unique_ptr<BlkioLatencyTable>);

  void read(const Tick&, Output&) override;
  Mode mode() const override { return Mode::bpf; }

  // Operations of one kind that were timed until this tick; nothing when that is not known.
  std::optional<std::uint64_t> timed(Subject, std::uint32_t dev, std::uint32_t op) const;

 private:
  void send(Subject, BlkioLatencyAccounts::Item&, Output&);
  void send_absent(Output&);

  Host& host_;
  TreeCounts<BlkioLatencyCounting> counts_;
  DiskWatch disks_;
  MapReport maps_;
  bool failing_ = true;
};

// Loads and attaches the program; as make_blkio_reader.
Result<std::unique_ptr<BlkioLatencyReader>> make_blkio_latency_reader(Host&,
                                                                      const cgroup::Inventory&,
                                                                      std::size_t hierarchy,
                                                                      const Options&);

}  // namespace hostmeter::source::bpf
