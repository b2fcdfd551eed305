// Whether the kernel lets us count in it, and if not, why.
#pragma once
#include <optional>
#include <string_view>

#include "base/dir.hpp"
#include "hostmeter/base/result.hpp"

namespace hostmeter::source::bpf {

// Whether the kernel lets no program of ours read its memory, beyond what a tracepoint hands it,
// and why. With lockdown it has programs and not that.
std::optional<Error> memory_closed(const base::Dir& sys);

// What bpf/blkio.bpf.c needs of the kernel to count at issue, and does not find, asked before
// anything is loaded.
std::optional<Error> blkio_issue_lacks();

// Whether a block tracepoint is of the older form, which names the request queue first. Each for
// itself: maintained kernels have some in the one form and some in the other.
bool takes_queue(const char* tracepoint);

// Whether maps count against RLIMIT_MEMLOCK, which takes CAP_SYS_RESOURCE to raise.
bool maps_are_locked_memory();

// Whether this kernel asks for CAP_BPF again when what was loaded is used: see UseRights.
bool use_needs_rights();

// Why the kernel refused to load a program, from the errno and, below sys, its lockdown mode.
Error load_refused(int code, const base::Dir& sys);

// What an operator can do about it; the same errors, and those of a kernel that lacks something.
std::string_view mend_of(const Error&);

}  // namespace hostmeter::source::bpf
