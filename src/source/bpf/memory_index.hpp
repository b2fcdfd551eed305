// Where in the kernel's arrays of a cgroup's memory statistics each figure is.
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/dir.hpp"
#include "hostmeter/wire/walk_setup.h"
#include "source/bpf/kernel_memory.hpp"
#include "source/bpf/kernel_types.hpp"

namespace hostmeter::source::bpf {

// -1: the kernel has no such figure, or its place is not known for certain.
struct MemoryIndex {
  std::array<std::int16_t, WIRE_WALK_STATES> state;  // in the order of the wire's fields
  std::int16_t pgfault = -1, pgmajfault = -1;
  std::array<std::int16_t, WIRE_WALK_RECLAIMERS> pgscan, pgsteal;  // to be summed up
  bool reclaim_is_state = false;  // where those two are: in 7.3; in 6.12 they are events

  MemoryIndex() {
    state.fill(-1);
    pgscan.fill(-1);
    pgsteal.fill(-1);
  }
};

// Until 6.1 the place is the enumerator. Since then the kernel keeps fewer figures than there are
// enumerators and a table from the one to the other, which we find and read.
MemoryIndex find_memory_index(const KernelTypes&, KernelMemory&, const base::Dir& proc);

// The place of each of so many enumerators, -1: none; if the bytes are such a table: every place
// below places comes exactly once. Entries are of one byte with -1 for none, or of one or four
// with 0 for none and places counted from 1.
std::optional<std::vector<std::int16_t>> parse_index_table(std::span<const std::uint8_t> bytes,
                                                           std::size_t enumerators,
                                                           std::size_t places);

// x86: addresses that the code of a function holds, as the table that it looks into by an index is
// one: 32 bits, of the kernel's own 2 GiB.
std::vector<std::uint64_t> addresses_in_code(std::span<const std::uint8_t> code);

}  // namespace hostmeter::source::bpf
