// Bytes that a disk moved and that no cgroup's figures have. Instance label: device.
#pragma once
#include "hostmeter/flow/facts.hpp"

namespace hostmeter {

enum class DiskUnseen : std::uint8_t { read_bytes, write_bytes, discard_bytes, count };
constexpr Group group_of(DiskUnseen) {
  return Group::disk_unseen;
}

}  // namespace hostmeter
