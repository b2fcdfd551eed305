// Settings of the BPF readers.
#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>

namespace hostmeter::source::bpf {

// One line without its newline, at a level for debugging: what libbpf and the verifier say.
using Log = std::function<void(std::string_view line)>;

struct Options {
  // Room for what cgroups do to devices, by operation: 144 bytes for each CPU; fewer where the
  // copies for each CPU would take more than max_bytes of kernel memory.
  std::uint32_t max_entries = 16384;
  std::size_t max_bytes = 32U << 20;
  // Rows of it that a program finds without a search, on each CPU: the largest power of two that is
  // not more, and fewer where an eighth of max_bytes ends it. 192 bytes each.
  std::uint32_t direct_rows = 512;
  // Block I/O is counted and timed when it completes; false: counted alone, when it is issued.
  bool blkio_latency = true;
  // Room for the keys of rows that grow in a tick, 32 bytes for each CPU on which one does: a power
  // of two. 0: as many as a machine of this size may need.
  std::uint32_t touched_bytes = 0;
  // Room for cgroups in a walk over one hierarchy, ~0.5 KiB of kernel memory each.
  std::uint32_t max_cgroups = 8192;
  // Waits for a CPU that are shorter are not seen; 0: all are. At most one second.
  std::uint64_t run_queue_threshold_ns = 64'000;
  // Room for cgroups that wait for a CPU, 128 bytes for each CPU; fewer where that would be more
  // than run_queue_max_bytes.
  std::uint32_t run_queue_slots = 1024;
  std::size_t run_queue_max_bytes = 16U << 20;
  Log log;  // empty: quiet
};

}  // namespace hostmeter::source::bpf
