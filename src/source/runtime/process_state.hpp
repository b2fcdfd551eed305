// Whether a process of the host can do anything at all.
#pragma once
#include <sys/types.h>

#include <optional>
#include <string_view>

#include "base/dir.hpp"
#include "base/kernel_file.hpp"

namespace hostmeter::source::runtime {

// Of /proc/PID/stat: stopped by a signal or a debugger.
bool says_stopped(std::string_view stat);

bool is_stopped_process(const base::Dir& proc, pid_t pid, base::Buffer& buffer);

// "/run/docker.pid" holds a number.
std::optional<pid_t> pid_in_file(const base::Dir& root, const char* path, base::Buffer& buffer);

}  // namespace hostmeter::source::runtime
