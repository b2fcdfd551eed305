// How full a map of ours in the kernel is, and what its program could not count. Instance label:
// map.
#pragma once
#include "hostmeter/flow/facts.hpp"

namespace hostmeter {

enum class BpfMap : std::uint8_t {
  entries,
  max_entries,
  dropped,           // events not counted because the map was full
  recursion_misses,  // runs the kernel skipped within another; absent before 5.12
  count
};
constexpr Group group_of(BpfMap) {
  return Group::bpf_map;
}

}  // namespace hostmeter
