// /proc/diskstats. Instance labels: device.
#pragma once
#include "hostmeter/flow/facts.hpp"

namespace hostmeter {

// In the order of the file.
enum class Diskstats : std::uint8_t {
  reads,
  reads_merged,
  read_bytes,
  read_ns,
  writes,
  writes_merged,
  written_bytes,
  write_ns,
  in_flight,
  io_ns,
  io_weighted_ns,
  discards,  // from here on since Linux 4.18
  discards_merged,
  discarded_sectors,  // of 512 bytes: the one name that is not in bytes
  discard_ns,
  flushes,  // since Linux 5.5
  flush_ns,
  count
};
constexpr Group group_of(Diskstats) {
  return Group::diskstats;
}

// What a disk is. Instance labels: device, major, minor, model, path, revision, rotational,
// serial, wwn.
enum class DiskInfo : std::uint8_t {
  info,  // always 1
  count
};
constexpr Group group_of(DiskInfo) {
  return Group::disk_info;
}

}  // namespace hostmeter
