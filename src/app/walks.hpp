// The ladder for what the kernel counts itself: walks over the cgroup tree, else files.
#pragma once
#include "app/readers.hpp"

namespace hostmeter::app {

// Before the readers of cgroups are put in order: some are replaced.
void use_walks(const config::Settings& settings, const source::Host& host,
               const source::cgroup::Options& options, Readers& made);

// What a group of figures that left the walk, or did not come to it, has to say. memory_closed: as
// in Readers; figures of memory are then not found.
Remark remark_of(const source::walk::Walks::Remark&, const std::optional<Error>& memory_closed);

// Of one for which there was no verdict yet when the ticks ended.
Remark doubt_of(const source::walk::Walks::Remark&);

}  // namespace hostmeter::app
