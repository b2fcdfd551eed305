#include "tool/record/cgroups.hpp"

#include <algorithm>
#include <optional>

#include "hostmeter/base/text.hpp"
#include "tool/record/files.hpp"

namespace hostmeter::tool {
namespace {

// mountinfo writes blanks and backslashes as \040.
std::string decoded(std::string_view text) {
  const auto is_octal = [](char c) { return c >= '0' && c <= '7'; };
  std::string out;
  while (!text.empty()) {
    const bool escape = text.size() >= 4 && text[0] == '\\' && is_octal(text[1]) &&
                        is_octal(text[2]) && is_octal(text[3]);
    out +=
        escape ? char(((text[1] - '0') & 3) * 64 + (text[2] - '0') * 8 + (text[3] - '0')) : text[0];
    text.remove_prefix(escape ? 4 : 1);
  }
  return out;
}

bool is_wanted(const std::string& file) {
  const auto begins = [&](std::string_view prefix) { return file.starts_with(prefix); };
  return std::any_of(std::begin(kCgroupFiles), std::end(kCgroupFiles), begins) &&
         std::none_of(std::begin(kNotOfCgroup), std::end(kNotOfCgroup), begins);
}

std::optional<std::string> first_process(const base::Dir& cgroup) {
  base::Buffer buffer(4'096);
  const auto text = base::read_once(cgroup.fd(), "cgroup.procs", buffer);
  if (!text) return {};
  const std::string_view pid = Text(*text).line().rest();
  const auto number = Text::to_number(pid);
  if (!number || *number == 0) return {};  // 0: of another pid namespace
  return std::string(pid);
}

// Without what is below it, whose names are the result.
Result<std::vector<std::string>> record_directory(const base::Dir& dir, const std::string& path,
                                                  Writer& to) {
  const auto names = dir.entries();
  if (!names) return names.error();
  auto below = dir.subdirectories();
  if (!below) return below.error();
  to.directory(path);
  for (const std::string& name : *names)
    if (is_wanted(name)) to.copy(dir, name, path + '/' + name);
  return below;
}

// One hierarchy, without recursion: containers may nest as deep as they like.
void record_hierarchy(const base::Dir& root, const std::string& mount, Writer& to,
                      std::set<std::string>& pids) {
  std::vector<std::string> waiting{mount};
  while (!waiting.empty() && !to.summary().truncated) {
    const std::string path = std::move(waiting.back());
    waiting.pop_back();
    const auto dir = base::Dir::open_at(root.fd(), path.c_str());
    const auto below = dir ? record_directory(*dir, path, to) : dir.error();
    if (!below) {
      to.unreadable(path, below.error());
      continue;
    }
    for (const std::string& name : *below) waiting.push_back(path + '/' + name);
    if (path == mount) continue;
    if (auto pid = first_process(*dir)) pids.insert(std::move(*pid));
  }
}

}  // namespace

std::vector<std::string> cgroup_mounts(std::string_view mountinfo) {
  std::vector<std::string> mounts;
  std::set<std::string> devices;
  for (Text lines(mountinfo); !lines.empty();) {
    Text line = lines.line();
    line.word();  // mount id
    line.word();  // parent
    const std::string device(line.word());
    line.word();  // root
    const std::string point = decoded(line.word());
    while (!line.empty() && line.word() != "-") {
    }
    const std::string_view type = line.word();
    const bool is_safe =
        point.size() > 1 && point.front() == '/' && point.find("/..") == std::string::npos;
    if ((type == "cgroup" || type == "cgroup2") && is_safe && devices.insert(device).second)
      mounts.push_back(point.substr(1));
  }
  return mounts;
}

std::set<std::string> record_cgroups(const Sources& from, Writer& to) {
  base::Buffer buffer;
  auto text = base::read_once(from.proc.fd(), "1/mountinfo", buffer);
  if (!text) text = base::read_once(from.proc.fd(), "self/mountinfo", buffer);
  if (!text) {
    to.unreadable("proc/self/mountinfo", text.error());
    return {};
  }
  std::set<std::string> pids;
  for (const std::string& mount : cgroup_mounts(*text))
    record_hierarchy(from.root, mount, to, pids);
  return pids;
}

}  // namespace hostmeter::tool
