// Software RAID. Instance labels: device.
#pragma once
#include "hostmeter/flow/facts.hpp"

namespace hostmeter {

enum class Md : std::uint8_t {
  blocks,         // of 1024 bytes
  blocks_synced,  // as many as blocks when nothing is to be done
  disks_required,
  disks_active,
  disks_down,  // missing from their place
  disks_failed,
  disks_spare,
  state_active,  // exactly one of the five is 1
  state_inactive,
  state_recovering,
  state_resync,
  state_check,
  raid_disks,  // the last two from sysfs: absent where the array has no redundancy
  degraded,    // disks missing
  count
};
constexpr Group group_of(Md) {
  return Group::md;
}

}  // namespace hostmeter
