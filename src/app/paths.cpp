#include "app/paths.hpp"

#include <linux/magic.h>
#include <sys/vfs.h>

#include <cstring>

namespace hostmeter::app {
namespace {

std::string below(const std::string& root, const char* name) {
  return root.ends_with('/') ? root + name : root + "/" + name;
}

std::string open(base::Dir& dir, const std::string& path) {
  auto opened = base::Dir::open(path.c_str());
  if (!opened)
    return path + ": " + std::strerror(opened.error().code) +
           ": name the directory that holds the host with --root, --procfs or --sysfs";
  dir = std::move(*opened);
  return {};
}

bool is_procfs(const base::Dir& dir) {
  struct statfs status {};
  return ::fstatfs(dir.fd(), &status) == 0 && status.f_type == PROC_SUPER_MAGIC;
}

}  // namespace

std::string open_host(const Paths& paths, source::Host& host) {
  const std::string proc = paths.procfs.empty() ? below(paths.root, "proc") : paths.procfs;
  const std::string sys = paths.sysfs.empty() ? below(paths.root, "sys") : paths.sysfs;
  for (std::string why : {open(host.root, paths.root), open(host.proc, proc), open(host.sys, sys)})
    if (!why.empty()) return why;
  host.live = is_procfs(host.proc);  // else a recording: only its files may speak
  return {};
}

}  // namespace hostmeter::app
