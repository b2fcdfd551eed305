#include "tool/record/record.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <set>

#include "hostmeter/base/text.hpp"
#include "tool/record/cgroups.hpp"
#include "tool/record/files.hpp"
#include "tool/record/runtimes.hpp"
#include "tool/record/writer.hpp"

namespace hostmeter::tool {
namespace {

namespace fs = std::filesystem;

std::string value_of(const base::Dir& dir, const char* name) {
  base::Buffer buffer;
  const auto text = base::read_once(dir.fd(), name, buffer);
  return text ? std::string(Text::trim(*text)) : std::string();
}

void record_proc(const Sources& from, Writer& to) {
  for (const std::string_view file : kProcFiles)
    to.copy(from.proc, file, "proc/" + std::string(file));
  for (const std::string_view file : kNetFiles)
    to.copy(from.proc, from.net + '/' + std::string(file), "proc/net/" + std::string(file));
}

// One attribute, or all files of a directory whose names begin with what is before the *.
void record_attribute(const base::Dir& sys, const std::string& device, std::string_view attribute,
                      Writer& to) {
  if (!attribute.ends_with('*')) {
    const std::string name = device + '/' + std::string(attribute);
    return to.copy(sys, name, "sys/" + name);
  }
  attribute.remove_suffix(1);
  const auto slash = attribute.rfind('/');
  const bool is_below = slash != std::string_view::npos;
  const std::string folder =
      is_below ? device + '/' + std::string(attribute.substr(0, slash)) : device;
  const std::string_view prefix = is_below ? attribute.substr(slash + 1) : attribute;
  const auto dir = base::Dir::open_at(sys.fd(), folder.c_str());
  const auto names = dir ? dir->entries() : dir.error();
  if (!names) return;
  for (const std::string& name : *names)
    if (name.starts_with(prefix)) to.copy(*dir, name, "sys/" + folder + '/' + name);
}

// The classes of sysfs are links into devices/: both the link and what it leads to are kept, so
// that whoever follows or reads the link sees what it would see on the host.
std::string record_entry(const base::Dir& sys, const std::string& entry, Writer& to) {
  const auto target = sys.link(entry.c_str());
  if (!target) return entry;
  const fs::path device = (fs::path(entry).parent_path() / *target).lexically_normal();
  if (fs::path(*target).is_absolute() || *device.begin() == "..") return {};
  to.link(*target, "sys/" + entry);
  return device;
}

void record_class(const base::Dir& sys, const SysClass& kind, Writer& to) {
  const std::string folder(kind.dir);
  const auto dir = base::Dir::open_at(sys.fd(), folder.c_str());
  if (!dir) return to.unreadable("sys/" + folder, dir.error());
  const auto names = dir->entries();
  if (!names) return to.unreadable("sys/" + folder, names.error());
  for (const std::string& name : *names) {
    struct stat status {};
    const bool is_entry = name.starts_with(kind.entries) &&
                          ::fstatat(dir->fd(), name.c_str(), &status, 0) == 0 &&
                          S_ISDIR(status.st_mode);
    if (!is_entry) continue;
    const std::string device = record_entry(sys, folder + '/' + name, to);
    if (device.empty()) continue;
    to.directory("sys/" + device);
    to.copy_link(sys, device + "/device", "sys/" + device + "/device");
    for (Text attributes(kind.attributes); !attributes.empty();)
      record_attribute(sys, device, attributes.word(), to);
  }
}

// Looking at process 1's namespaces takes more rights than at our own, which are the host's when
// its network is ours.
void record_host_netns(const Sources& from, Writer& to) {
  const auto own = from.proc.link("self/ns/net");
  if (own && from.net == "net")
    to.link(*own, "proc/1/ns/net");
  else
    to.copy_link(from.proc, "1/ns/net", "proc/1/ns/net");
  to.copy(from.proc, from.net + "/dev", "proc/1/net/dev");
}

void record_processes(const base::Dir& proc, const std::set<std::string>& pids, Writer& to) {
  for (const std::string& pid : pids) {
    if (pid == "1") continue;
    to.copy_link(proc, pid + "/ns/net", "proc/" + pid + "/ns/net");
    to.copy(proc, pid + "/net/dev", "proc/" + pid + "/net/dev");
    to.copy(proc, pid + "/cgroup", "proc/" + pid + "/cgroup");
  }
}

}  // namespace

Result<Summary> record(const Sources& from, const fs::path& dir, const Bounds& bounds) {
  std::error_code failure;
  fs::create_directories(dir, failure);
  if (failure) return Error{failure.value(), "make the recording's directory"};
  const auto into = base::Dir::open(dir.c_str());
  if (!into) return into.error();
  const auto before = into->entries();
  if (!before) return before.error();
  if (!before->empty()) return Error{ENOTEMPTY, "the recording's directory"};
  if (::fchmod(into->fd(), 0700) != 0) return Error{errno, "the recording's directory"};

  Scrubber scrubber({value_of(from.proc, "sys/kernel/hostname"),
                     value_of(from.proc, "sys/kernel/domainname"),
                     value_of(from.root, "etc/machine-id")});
  Writer to(*into, std::move(scrubber), bounds);
  record_proc(from, to);
  for (const SysClass& kind : kSysClasses) record_class(from.sys, kind, to);
  for (const std::string_view file : kRootFiles) to.copy(from.root, file, file);
  record_runtimes(from, from.runtimes, to);
  record_host_netns(from, to);
  record_processes(from.proc, record_cgroups(from, to), to);
  if (to.failure() != 0) return Error{to.failure(), "write the recording"};
  return to.summary();
}

}  // namespace hostmeter::tool
