#include "source/cgroup/hierarchies.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>

#include "hostmeter/base/text.hpp"
#include "source/cgroup/inventory.hpp"

namespace hostmeter::source::cgroup {
namespace {

constexpr std::array<std::string_view, kControllers> kNames{"cpu", "cpuacct", "memory", "blkio",
                                                            "pids"};

bool is_octal(char c) {
  return c >= '0' && c <= '7';
}

// mountinfo writes blanks and backslashes as \040.
std::string unescaped(std::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 3 < text.size() && is_octal(text[i + 1]) && is_octal(text[i + 2]) &&
        is_octal(text[i + 3])) {
      plain += char((text[i + 1] - '0') * 64 + (text[i + 2] - '0') * 8 + (text[i + 3] - '0'));
      i += 3;
    } else {
      plain += text[i];
    }
  }
  return plain;
}

// "32 31 0:29 / /sys/fs/cgroup/cpu rw,relatime shared:5 - cgroup cgroup rw,cpu". Nothing for a
// mount of another kind.
Result<std::optional<CgroupMount>> parse_line(Text line) {
  CgroupMount mount;
  line.word();  // mount id
  line.word();  // its parent
  mount.device = line.word();
  mount.root = unescaped(line.word());
  mount.mount_point = unescaped(line.word());
  if (mount.mount_point.empty()) return Error{EBADMSG, "mountinfo: mount point"};
  while (true) {
    const std::string_view tag = line.word();
    if (tag.empty()) return Error{EBADMSG, "mountinfo: separator"};
    if (tag == "-") break;
  }
  const std::string_view type = line.word();
  line.word();  // source
  mount.v2 = type == "cgroup2";
  if (type == "cgroup") mount.controllers = controllers_in(line.word());
  if (!mount.v2 && mount.controllers == 0) return std::optional<CgroupMount>{};
  return std::optional(std::move(mount));
}

// "/" and, from inside a cgroup namespace, "/.." or "/../..": at or above our own root.
bool is_at_top(std::string_view root) {
  Text parts(root);
  while (!parts.empty()) {
    const std::string_view part = parts.until('/');
    if (!part.empty() && part != "..") return false;
  }
  return true;
}

// The fewer named components its root has and the more ".." the more of the hierarchy it shows.
bool shows_more(const CgroupMount& one, const CgroupMount& other) {
  if (is_at_top(one.root) != is_at_top(other.root)) return is_at_top(one.root);
  if (is_at_top(one.root)) return one.root.size() > other.root.size();
  return one.root.size() < other.root.size();
}

bool exists(const base::Dir& dir, const char* name) {
  return ::faccessat(dir.fd(), name, F_OK, 0) == 0;
}

// In a cgroup namespace the root field says "/" of a tree that is not whole; the files that only
// the real root lacks (v2) or only it has (v1) do not lie.
bool is_whole(const Hierarchy& hierarchy) {
  if (!is_at_top(hierarchy.mount.root)) return false;
  if (hierarchy.mount.v2) return !exists(hierarchy.dir, "cgroup.type");
  return exists(hierarchy.dir, "release_agent") || !exists(hierarchy.dir, "notify_on_release");
}

}  // namespace

std::uint8_t controllers_in(std::string_view names) {
  unsigned found = 0;
  Text list(names);
  while (!list.empty()) {
    const auto at = std::find(kNames.begin(), kNames.end(), list.until(','));
    if (at != kNames.end()) found |= 1U << (at - kNames.begin());
  }
  return std::uint8_t(found);
}

Result<std::vector<CgroupMount>> parse_mountinfo(std::string_view text) {
  std::vector<CgroupMount> mounts;
  Text lines(text);
  while (!lines.empty()) {
    const Text line = lines.line();
    if (line.empty()) continue;
    auto parsed = parse_line(line);
    if (!parsed) return parsed.error();
    if (!*parsed) continue;
    CgroupMount& mount = **parsed;
    const auto same = std::find_if(mounts.begin(), mounts.end(), [&](const CgroupMount& known) {
      return known.device == mount.device;
    });
    if (same == mounts.end())
      mounts.push_back(std::move(mount));
    else if (shows_more(mount, *same))
      *same = std::move(mount);
  }
  return mounts;
}

Hierarchies Hierarchies::discover(Host& host) {
  Hierarchies found;
  auto text = base::read_once(host.proc.fd(), "1/mountinfo", host.buffer);
  if (!text) text = base::read_once(host.proc.fd(), "self/mountinfo", host.buffer);
  if (!text) return found;
  auto mounts = parse_mountinfo(*text);
  if (!mounts) return found;
  for (CgroupMount& mount : *mounts) {
    const auto start = mount.mount_point.find_first_not_of('/');
    const std::string path =
        start == std::string::npos ? std::string(".") : mount.mount_point.substr(start);
    auto dir = base::Dir::open_at(host.root.fd(), path.c_str());
    if (!dir || found.all_.size() == kMaxHierarchies) continue;
    found.all_.push_back({std::move(mount), std::move(*dir)});
    if (!is_whole(found.all_.back())) found.sees_whole_tree_ = false;
  }
  return found;
}

Layout Hierarchies::layout() const {
  const bool v2 = unified().has_value();
  const bool v1 = all_.size() > (v2 ? 1U : 0U);
  if (v1) return v2 ? Layout::hybrid : Layout::v1;
  return v2 ? Layout::v2 : Layout::none;
}

std::optional<std::size_t> Hierarchies::of(Controller controller) const {
  for (std::size_t i = 0; i < all_.size(); ++i)
    if (all_[i].mount.has(controller)) return i;
  return unified();
}

std::optional<std::size_t> Hierarchies::unified() const {
  for (std::size_t i = 0; i < all_.size(); ++i)
    if (all_[i].mount.v2) return i;
  return {};
}

}  // namespace hostmeter::source::cgroup
