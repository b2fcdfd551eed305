// Names of disks by device number.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "base/dir.hpp"

namespace hostmeter::source::bpf {

struct Disk {
  std::uint32_t dev = 0;  // major << WIRE_DEV_MINOR_BITS | minor
  std::string path;       // "/dev/vda"; empty: sysfs does not know it
  std::string major, minor;
};

// From the links dev/block/MAJOR:MINOR below sys, each read once and looked at again by refresh().
class DiskNames {
 public:
  explicit DiskNames(const base::Dir& sys) : sys_(sys) {}

  // Null when sysfs has no such disk. Allocates only for one never asked for before.
  const Disk* find(std::uint32_t dev);

  // Reads all links again. The numbers of disks that were renamed or removed, until the next call;
  // a number given to another disk is one of these.
  const std::vector<std::uint32_t>& refresh();

 private:
  const base::Dir& sys_;
  std::vector<Disk> disks_;
  std::vector<std::uint32_t> changed_;
};

}  // namespace hostmeter::source::bpf
