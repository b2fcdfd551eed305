#include "source/script/read_only.hpp"

#include <fcntl.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <utility>

#include "base/kernel_file.hpp"
#include "hostmeter/base/text.hpp"
#include "source/proc/mountinfo.hpp"
#include "source/script/host_paths.hpp"

namespace hostmeter::source::script {
namespace {

// As of linux/mount.h since 5.12, which headers of that time and older lack.
constexpr long kMountSetattr = 442;
struct Attributes {
  std::uint64_t set = 0, clear = 0, propagation = 0, userns = 0;
};
constexpr std::uint64_t kReadOnly = 1, kNoSuid = 2, kNoDev = 4;

unsigned long flags_of(std::string_view options) {
  constexpr std::pair<std::string_view, unsigned long> kNames[] = {
      {"ro", MS_RDONLY},         {"nosuid", MS_NOSUID},   {"nodev", MS_NODEV},
      {"noexec", MS_NOEXEC},     {"noatime", MS_NOATIME}, {"nodiratime", MS_NODIRATIME},
      {"relatime", MS_RELATIME},
  };
  unsigned long all = 0;
  for (Text rest(options); !rest.empty();) {
    const std::string_view option = rest.until(',');
    for (const auto& [name, flag] : kNames)
      if (option == name) all |= flag;
  }
  return all;
}

}  // namespace

Result<std::vector<MountPoint>> mount_points(std::string_view mountinfo) {
  std::vector<MountPoint> all;
  for (Text lines(mountinfo); !lines.empty();) {
    Text line = lines.line();
    for (int skipped = 0; skipped < 4; ++skipped) line.word();  // ids, device, root
    MountPoint point{proc::decode_octal(line.word()), flags_of(line.word())};
    if (!point.path.starts_with('/')) return Error{EBADMSG, "mountinfo"};
    all.push_back(std::move(point));
  }
  return all;
}

std::optional<Error> make_all_read_only(unsigned long more) {
  const Attributes wanted{.set = kReadOnly | ((more & MS_NOSUID) != 0 ? kNoSuid : 0) |
                                 ((more & MS_NODEV) != 0 ? kNoDev : 0)};
  constexpr unsigned kRecursive = 0x8000;  // AT_RECURSIVE
  if (::syscall(kMountSetattr, AT_FDCWD, paths::kRoot, kRecursive, &wanted, sizeof wanted) == 0)
    return {};
  if (errno != ENOSYS) return Error{errno, "make all mounts read-only"};
  return make_each_read_only(more);
}

std::optional<Error> make_each_read_only(unsigned long more) {
  base::Buffer buffer;
  const auto text = base::read_once(AT_FDCWD, paths::kSelfMounts, buffer);
  if (!text) return text.error();
  const auto points = mount_points(*text);
  if (!points) return points.error();
  for (const MountPoint& point : *points) {
    const unsigned long flags = point.flags | more | MS_RDONLY | MS_REMOUNT | MS_BIND;
    if (::mount(nullptr, point.path.c_str(), nullptr, flags, nullptr) == 0) continue;
    // Another is mounted over it or over the way to it: nobody reaches it by this name.
    if (errno != EINVAL && errno != ENOENT && errno != EACCES)
      return Error{errno, "make a mount read-only"};
  }
  return {};
}

}  // namespace hostmeter::source::script
