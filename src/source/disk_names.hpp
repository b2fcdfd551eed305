// Names of disks by device number.
#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/dir.hpp"

namespace hostmeter::source {

struct Disk {
  std::string path;    // "/dev/vda"; "/dev/block/254:7" where sysfs names none
  bool named = false;  // by sysfs
  std::string major, minor;
  bool used = true;  // since the last refresh
};

// From the links dev/block/MAJOR:MINOR below sys, each read once and looked at again by refresh().
// Some disks have none: the paths below a multipath NVMe disk are hidden (nvme0c1n1), yet requests
// are issued to them. They go by their number.
class DiskNames {
 public:
  explicit DiskNames(const base::Dir& sys) : sys_(sys) {}

  static constexpr unsigned kRefreshTicks = 60;

  // Below sys, the link to the disk of that number, or with "/FILE" a file of it.
  static std::array<char, 64> path_of(std::uint32_t dev, const char* file = "");

  // dev: major << WIRE_DEV_MINOR_BITS | minor. Valid until the next refresh(). Allocates only for
  // one that is not known.
  const Disk& find(std::uint32_t dev);

  struct Change {
    std::uint32_t dev = 0;
    bool other_disk = false;  // the number may be another disk's now; else it only got its name
    bool operator==(const Change&) const = default;
  };
  // Reads all links again. What goes by another name now, until the next call. A disk that was not
  // asked for since the last one is forgotten.
  const std::vector<Change>& refresh();

 private:
  const base::Dir& sys_;
  std::unordered_map<std::uint32_t, Disk> disks_;  // by dev
  std::vector<Change> changed_;
};

}  // namespace hostmeter::source
