// Making all that is mounted read-only.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hostmeter/base/result.hpp"

namespace hostmeter::source::script {

// In our mount namespace, which must be private. more: MS_NOSUID, MS_NODEV. In one call since
// Linux 5.12, else mount by mount.
std::optional<Error> make_all_read_only(unsigned long more);
std::optional<Error> make_each_read_only(unsigned long more);

struct MountPoint {
  std::string path;
  unsigned long flags = 0;  // MS_…, that must be said again whenever others are changed
  friend bool operator==(const MountPoint&, const MountPoint&) = default;
};
// EBADMSG: a line is not of mountinfo.
Result<std::vector<MountPoint>> mount_points(std::string_view mountinfo);

}  // namespace hostmeter::source::script
