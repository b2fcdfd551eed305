// Opening what may be closed to us.
#pragma once
#include "base/capabilities.hpp"
#include "base/unique_fd.hpp"

namespace hostmeter::base {

// What it takes to read everything: CAP_DAC_READ_SEARCH, or CAP_DAC_OVERRIDE where only that is
// permitted, as a runtime gives it to its containers.
CapabilitySet right_to_read();

// openat(2), O_CLOEXEC always. What is closed to us, itself or a directory on the way to it, is
// tried again with the right to read, where that is permitted. Empty: see errno.
UniqueFd open_file(int dir_fd, const char* path, int flags);

// The same for a path whose links mean what they mean to who has this root: /data is ROOT/data. On
// kernels without openat2(2), and where it is forbidden, they mean what they mean to us.
UniqueFd open_in_root(int root_fd, const char* path, int flags);

// The same for a path whose links must not lead out of the directory: EXDEV where one does. On
// kernels without openat2(2), and where it is forbidden, its last part must be no link at all.
UniqueFd open_beneath(int dir_fd, const char* path, int flags);

}  // namespace hostmeter::base
