// The rows of bpf/run_queue.bpf.c, in memory that the kernel shares.
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "source/bpf/run_queue.hpp"

namespace hostmeter::source::bpf {

class RunQueueRows {
 public:
  // [slot][cpu], for as long as it lives.
  RunQueueRows(std::span<wire_run_queue> rows, unsigned cpus) : rows_(rows), cpus_(cpus) {}

  // One for each slot and cgroup, summed up over the CPUs, whose cgroup is the slot's on any CPU.
  // The first is that of slot 0, of cgroups beyond the last slot, under cgroup 0. No allocation
  // once it has been as many. Valid until the next call.
  std::span<const RunQueueRow> read();

  // The same, without those that are what they were at the last call of this or of read(), in their
  // place.
  std::span<const RunQueueRow> read_changed();

  std::optional<wire_latency> find(const RunQueueKey&) const;

  // Takes it from the cgroup, unless the kernel has given it to another one meanwhile.
  void release(const RunQueueKey&);

  std::size_t slots() const { return rows_.size() / cpus_; }
  std::size_t used() const { return sums_.empty() ? 0 : sums_.size() - 1; }  // at the last read()
  std::uint64_t beyond() const { return beyond_; }  // waits in slot 0 until the last read()

 private:
  std::span<wire_run_queue> of(std::uint32_t slot) const {
    return rows_.subspan(std::size_t{slot} * cpus_, cpus_);
  }

  std::span<wire_run_queue> rows_;
  unsigned cpus_;
  std::vector<RunQueueRow> sums_, last_, changed_;
  wire_latency beyond_seen_{};
  std::uint64_t beyond_ = 0;
};

}  // namespace hostmeter::source::bpf
