// Whether the kernel lets us count in it, and if not, why.
#pragma once
#include <optional>

#include "base/dir.hpp"
#include "hostmeter/base/result.hpp"

namespace hostmeter::source::bpf {

// What bpf/blkio.bpf.c needs of the kernel and does not find, asked before anything is loaded.
std::optional<Error> blkio_lacks();

// Whether they are the older ones (before Linux 5.11), which name the request queue first.
bool block_tracepoints_take_queue();

// Why the kernel refused to load a program, from the errno and, below sys, its lockdown mode.
Error load_refused(int code, const base::Dir& sys);

}  // namespace hostmeter::source::bpf
