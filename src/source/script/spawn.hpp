// Starting the first process of a run.
#pragma once
#include <sys/types.h>

#include "base/unique_fd.hpp"
#include "hostmeter/base/result.hpp"
#include "source/script/job.hpp"

namespace hostmeter::source::script {

// Its first process, which waits for let_go(). When the lifeline is closed, all of the run dies.
struct Spawned {
  pid_t pid = -1;
  base::UniqueFd status;    // Reports; does not block
  base::UniqueFd lifeline;  // what we hold of it
  base::UniqueFd out, err;  // what the script writes; neither blocks
};

// In a process without other threads.
Result<Spawned> spawn(const Job& job);

void let_go(const Spawned& spawned);

// Whether a process can be made with these CLONE_NEW… flags. No error: it can.
std::optional<Error> try_namespaces(unsigned long flags);

}  // namespace hostmeter::source::script
