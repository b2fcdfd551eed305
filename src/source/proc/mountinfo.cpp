#include "source/proc/mountinfo.hpp"

#include <algorithm>
#include <numeric>

#include "hostmeter/base/text.hpp"

namespace hostmeter::source::proc {
namespace {

bool has_option(std::string_view options, std::string_view wanted) {
  for (Text list(options); !list.empty();)
    if (list.until(',') == wanted) return true;
  return false;
}

bool is_octal(char c) {
  return c >= '0' && c <= '7';
}

}  // namespace

// Single blanks separate the fields, and a source may be empty: so not by words.
Result<MountLine> parse_mountinfo_line(std::string_view line) {
  Text fields(line);
  const auto id = Text::to_number(fields.until(' '));
  const auto parent = Text::to_number(fields.until(' '));
  if (!id || !parent) return Error{EBADMSG, "mountinfo: id"};
  MountLine mount;
  mount.id = *id;
  Text device(fields.until(' '));
  mount.major = device.until(':');
  mount.minor = device.rest();
  if (!Text::to_number(mount.major) || !Text::to_number(mount.minor))
    return Error{EBADMSG, "mountinfo: device number"};
  fields.until(' ');  // the directory of the filesystem that is mounted
  mount.mount_point = fields.until(' ');
  if (!mount.mount_point.starts_with('/')) return Error{EBADMSG, "mountinfo: mount point"};
  const std::string_view options = fields.until(' ');
  while (!fields.empty() && fields.until(' ') != "-") continue;  // any number of optional fields
  mount.fstype = fields.until(' ');
  if (mount.fstype.empty()) return Error{EBADMSG, "mountinfo: type"};
  mount.source = fields.until(' ');
  mount.read_only = has_option(options, "ro") || has_option(fields.until(' '), "ro");
  return mount;
}

std::optional<std::uint64_t> device_of_mount(std::string_view mountinfo, std::uint64_t id) {
  for (Text rest(mountinfo); !rest.empty();) {
    const auto mount = parse_mountinfo_line(rest.line().rest());
    if (mount && mount->id == id)
      return device_number(*Text::to_number(mount->major), *Text::to_number(mount->minor));
  }
  return {};
}

std::string decode_octal(std::string_view raw) {
  std::string text;
  text.reserve(raw.size());
  for (std::size_t i = 0; i < raw.size(); ++i) {
    const bool escaped = raw[i] == '\\' && i + 3 < raw.size() && raw[i + 1] <= '3' &&
                         is_octal(raw[i + 1]) && is_octal(raw[i + 2]) && is_octal(raw[i + 3]);
    if (!escaped) {
      text += raw[i];
      continue;
    }
    text += char((raw[i + 1] - '0') << 6 | (raw[i + 2] - '0') << 3 | (raw[i + 3] - '0'));
    i += 3;
  }
  return text;
}

void drop_hidden_mounts(std::vector<MountLine>& mounts) {
  std::vector<std::uint32_t> order(mounts.size());
  std::iota(order.begin(), order.end(), 0U);
  std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    const int by_place = mounts[a].mount_point.compare(mounts[b].mount_point);
    return by_place != 0 ? by_place < 0 : a < b;
  });
  for (std::size_t i = 0; i + 1 < order.size(); ++i)
    if (mounts[order[i]].mount_point == mounts[order[i + 1]].mount_point)
      mounts[order[i]].fstype = {};
  std::erase_if(mounts, [](const MountLine& mount) { return mount.fstype.empty(); });
}

}  // namespace hostmeter::source::proc
