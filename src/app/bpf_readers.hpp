// Readers of our own BPF programs: loaded at start, or not, with a reason.
#pragma once
#include <memory>

#include "app/readers.hpp"

namespace hostmeter::app {

inline constexpr std::string_view kBlkio = "cgroup_blkio", kBlkioLatency = "cgroup_blkio_latency",
                                  kRunQueue = "cgroup_run_queue";

struct BpfReaders {
  std::unique_ptr<source::Reader> blkio;          // none: the cgroup files are read instead
  std::unique_ptr<source::Reader> blkio_latency;  // to be called after blkio, which it refers to
  std::unique_ptr<source::Reader> run_queue;
};

// Of a disk that counted more than our program.
Remark partly_seen(std::string_view disk);

// What is switched off is not loaded. Remarks go to made, whose tree the readers refer to.
BpfReaders make_bpf_readers(const config::Settings&, source::Host&, Readers& made);

}  // namespace hostmeter::app
