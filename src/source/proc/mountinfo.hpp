// /proc/PID/mountinfo: what is mounted where.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hostmeter/base/result.hpp"

namespace hostmeter::source::proc {

// Mount point and source are as the kernel writes them: see decode_octal.
struct MountLine {
  std::uint64_t id = 0;  // of the mount, in the mount namespace the file is of
  std::string_view major, minor, mount_point, fstype, source;
  bool read_only = false;  // the mount itself or the filesystem below it
};

// "36 35 98:0 /dir /mnt rw,noatime master:1 - ext4 /dev/sda1 rw,errors=continue"
Result<MountLine> parse_mountinfo_line(std::string_view line);

// Of the filesystem, not of its files: those of btrfs and some others bear numbers of their own.
constexpr std::uint64_t device_number(std::uint64_t major, std::uint64_t minor) {
  return major << 32U | minor;
}

// The filesystem that the mount with this id is of; nothing when the file does not list it.
std::optional<std::uint64_t> device_of_mount(std::string_view mountinfo, std::uint64_t id);

// Blanks, newlines, backslashes and # in names are written as \040 and the like.
std::string decode_octal(std::string_view raw);

// Drops those that a later mount on the same mount point hides; the order of the others stays.
void drop_hidden_mounts(std::vector<MountLine>& mounts);

}  // namespace hostmeter::source::proc
