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
  // Rows: [slot][cpu]. Marks: one for each slot. For as long as it lives.
  RunQueueRows(std::span<wire_run_queue> rows, std::span<wire_run_queue_marks> marks,
               unsigned cpus);

  // One for each slot and cgroup, summed up over the CPUs, whose cgroup is the slot's on any CPU.
  // The first is that of slot 0, of cgroups beyond the last slot, under cgroup 0. Valid until the
  // next call.
  std::span<const RunQueueRow> read();

  // The same, of those slots alone that grew since the last call, and of those of the call before
  // it once more.
  std::span<const RunQueueRow> read_grown();

  std::optional<wire_latency> find(const RunQueueKey&) const;

  // Takes it from the cgroup, unless the kernel has given it to another one meanwhile.
  void release(const RunQueueKey&);

  std::size_t slots() const { return rows_.size() / cpus_; }
  std::uint64_t beyond() const { return beyond_; }  // waits in slot 0 until it was last read

 private:
  std::span<wire_run_queue> of(std::uint32_t slot) const {
    return rows_.subspan(std::size_t{slot} * cpus_, cpus_);
  }

  void add_beyond();
  void add(std::uint32_t slot);
  void take_marks();

  std::span<wire_run_queue> rows_;
  std::span<wire_run_queue_marks> marks_;
  unsigned cpus_;
  std::vector<RunQueueRow> sums_;
  std::vector<std::uint32_t> marked_, marked_before_, due_;  // slots, ascending
  wire_latency beyond_seen_{};
  std::uint64_t beyond_ = 0;
};

}  // namespace hostmeter::source::bpf
