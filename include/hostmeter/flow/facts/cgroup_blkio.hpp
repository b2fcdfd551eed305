// Block I/O of a cgroup on one device. Instance labels: device, major, minor.
#pragma once
#include "hostmeter/flow/facts.hpp"

namespace hostmeter {

enum class CgroupBlkio : std::uint8_t {
  read_bytes,
  write_bytes,
  discard_bytes,
  read_ops,
  write_ops,
  discard_ops,
  // Of the above, those that nobody was said to wait for. Not in v2's files.
  async_bytes,
  async_ops,
  count
};
constexpr Group group_of(CgroupBlkio) {
  return Group::cgroup_blkio;
}

}  // namespace hostmeter
