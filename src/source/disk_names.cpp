#include "source/disk_names.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <string_view>
#include <utility>

#include "hostmeter/wire/blkio.h"

namespace hostmeter::source {
namespace {

constexpr std::uint32_t kMinorMask = (1U << WIRE_DEV_MINOR_BITS) - 1;
constexpr std::string_view kDev = "/dev/", kByNumber = "/dev/block/";

using Target = std::array<char, 1024>;

// The last part of where the link points to; empty when there is no such link.
std::string_view name_of(const base::Dir& sys, std::uint32_t dev, Target& target) {
  const ssize_t length =
      ::readlinkat(sys.fd(), DiskNames::path_of(dev).data(), target.data(), target.size());
  if (length <= 0 || std::size_t(length) == target.size()) return {};
  // A driver's name for a disk may hold slashes (cciss/c0d0), which sysfs writes so.
  std::replace(target.begin(), target.begin() + length, '!', '\0');
  std::string_view name(target.data(), std::size_t(length));
  name.remove_prefix(name.rfind('/') + 1);
  std::replace(target.begin(), target.begin() + length, '\0', '/');
  return name;
}

bool is_named(const Disk& disk, std::string_view name) {
  if (!disk.named || name.empty()) return disk.named != name.empty();
  return std::string_view(disk.path).substr(kDev.size()) == name;
}

void rename(Disk& disk, std::string_view name) {
  disk.named = !name.empty();
  disk.path.clear();
  if (disk.named)
    disk.path.append(kDev).append(name);
  else
    disk.path.append(kByNumber).append(disk.major).append(":").append(disk.minor);
}

}  // namespace

std::array<char, 64> DiskNames::path_of(std::uint32_t dev, const char* file) {
  std::array<char, 64> path{};
  std::snprintf(path.data(), path.size(), "dev/block/%u:%u%s", dev >> WIRE_DEV_MINOR_BITS,
                dev & kMinorMask, file);
  return path;
}

const Disk& DiskNames::find(std::uint32_t dev) {
  const auto [at, fresh] = disks_.try_emplace(dev);
  Disk& disk = at->second;
  disk.used = true;
  if (!fresh) return disk;
  Target target{};
  disk.major = std::to_string(dev >> WIRE_DEV_MINOR_BITS);
  disk.minor = std::to_string(dev & kMinorMask);
  rename(disk, name_of(sys_, dev, target));
  return disk;
}

const std::vector<DiskNames::Change>& DiskNames::refresh() {
  changed_.clear();
  for (auto at = disks_.begin(); at != disks_.end();) {
    auto& [dev, disk] = *at;
    if (!std::exchange(disk.used, false)) {
      at = disks_.erase(at);
      continue;
    }
    ++at;
    Target target{};
    const std::string_view name = name_of(sys_, dev, target);
    if (is_named(disk, name)) continue;
    changed_.push_back({dev, disk.named});
    rename(disk, name);
  }
  return changed_;
}

}  // namespace hostmeter::source
