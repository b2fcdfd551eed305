// The first process of a run: PID 1 of its namespace, and the parent of the script.
#pragma once
#include <cstddef>

#include "source/script/job.hpp"

namespace hostmeter::source::script {

// What it holds beside standard input, output and error.
inline constexpr int kStatusFd = 3, kLifelineFd = 4;
inline constexpr std::size_t kInitFds = 5;

// Closes this descriptor and all above it.
void close_from(int first);

// Waits for a byte on the lifeline, prepares what is of the whole run, starts the script and waits
// for it. TERM is passed on to all of the run; when the lifeline is closed it ends, and with it,
// in a PID namespace, all others.
[[noreturn]] void be_init(const Job& job);

}  // namespace hostmeter::source::script
