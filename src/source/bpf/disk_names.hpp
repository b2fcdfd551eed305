// Names of disks by device number.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "base/dir.hpp"

namespace hostmeter::source::bpf {

struct Disk {
  std::uint32_t dev = 0;  // major << WIRE_DEV_MINOR_BITS | minor
  std::string path;       // "/dev/vda"; "/dev/block/254:7" where sysfs names none
  bool named = false;     // by sysfs
  std::string major, minor;
};

// From the links dev/block/MAJOR:MINOR below sys, each read once and looked at again by refresh().
// Some disks have none: the paths below a multipath NVMe disk are hidden (nvme0c1n1), yet requests
// are issued to them. They go by their number, as they do where cgroup files are read.
class DiskNames {
 public:
  explicit DiskNames(const base::Dir& sys) : sys_(sys) {}

  // Valid until the next call. Allocates only for one never asked for before.
  const Disk& find(std::uint32_t dev);

  struct Change {
    std::uint32_t dev = 0;
    bool other_disk = false;  // the number may be another disk's now; else it only got its name
    bool operator==(const Change&) const = default;
  };
  // Reads all links again. What goes by another name now, until the next call.
  const std::vector<Change>& refresh();

 private:
  const base::Dir& sys_;
  std::vector<Disk> disks_;
  std::vector<Change> changed_;
};

}  // namespace hostmeter::source::bpf
