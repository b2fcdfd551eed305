// Whether the kernel notes what latencies are made of.
#pragma once
#include <optional>

#include "hostmeter/base/result.hpp"
#include "source/host.hpp"

namespace hostmeter::source::bpf {

// What bpf/blkio.bpf.c at completion, and bpf/run_queue.bpf.c, need and do not find, asked before
// anything is loaded.
std::optional<Error> blkio_completion_lacks();
std::optional<Error> run_queue_lacks(const Host&);

}  // namespace hostmeter::source::bpf
