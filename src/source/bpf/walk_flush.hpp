// Makes the kernel sum up what its CPUs have counted apart, so that a walk finds all of it.
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/dir.hpp"
#include "base/unique_fd.hpp"
#include "hostmeter/base/result.hpp"
#include "hostmeter/wire/walk.h"
#include "hostmeter/wire/walk_setup.h"
#include "source/bpf/iterator_object.hpp"
#include "source/bpf/kernel_types.hpp"
#include "source/bpf/walk_table.hpp"

namespace hostmeter::source::bpf {

// By a kernel function where our programs may call it. Otherwise by reading files, which makes the
// kernel do it for the cgroup and all below: memory.stat of the top one, and the others' of each
// cgroup just below the root, because the root's are not about its own css.
class WalkFlush {
 public:
  // The directory of the walk's top; outlives it.
  static WalkFlush choose(const KernelTypes&, const base::Dir& top, const base::Dir& sys,
                          const wire_walk_setup&);

  Flush kind() const;

  // Before a walk.
  std::optional<Error> flush();

  // After it: whether it met cgroups whose files are to be read, and have not been. Now they have,
  // but what that summed up is not in this walk. Allocates only then.
  Result<bool> meet(std::span<const wire_walk_cgroup>);

 private:
  struct Part {
    std::uint64_t id;
    std::vector<base::UniqueFd> files;  // of names_; none: it has no such file
  };

  explicit WalkFlush(const base::Dir& top) : top_(&top) {}
  void plan(const KernelTypes&, const base::Dir& sys, const wire_walk_setup&);
  bool add_program(ObjectBytes, const base::Dir& sys);
  bool is_known(std::span<const wire_walk_cgroup>) const;
  std::optional<Error> reopen(std::span<const wire_walk_cgroup>);
  std::optional<Error> open(Part&, int dir_fd) const;

  const base::Dir* top_;
  std::vector<IteratorObject> programs_;
  base::UniqueFd memory_stat_;
  std::vector<const char*> names_;
  std::vector<Part> parts_;  // in the order of the walk
  unsigned flushes_ = 0;
};

}  // namespace hostmeter::source::bpf
