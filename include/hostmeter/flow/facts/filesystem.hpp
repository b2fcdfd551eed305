// Mounted filesystems.
#pragma once
#include "hostmeter/flow/facts.hpp"

namespace hostmeter {

// Instance labels: device, device_error, fstype, mountpoint. While a filesystem does not answer it
// is another instance, whose device_error says why and which has no sizes.
enum class Filesystem : std::uint8_t {
  size_bytes,
  free_bytes,
  avail_bytes,  // without what is reserved for root
  files,        // inodes
  files_free,
  read_only,
  device_error,  // 1: the filesystem does not answer, or says no
  count
};
constexpr Group group_of(Filesystem) {
  return Group::filesystem;
}

// Instance labels: device, major, minor, mountpoint.
enum class MountInfo : std::uint8_t {
  info,  // always 1
  count
};
constexpr Group group_of(MountInfo) {
  return Group::mount_info;
}

}  // namespace hostmeter
