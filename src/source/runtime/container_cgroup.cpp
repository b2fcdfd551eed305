#include "source/runtime/container_cgroup.hpp"

#include "hostmeter/base/text.hpp"

namespace hostmeter::source::runtime {
namespace {

std::optional<std::string> cut_at_id(std::string_view path, std::string_view id) {
  const std::size_t at = path.find(id);
  // "/../": the process is outside of the cgroup namespace we look from.
  if (at == std::string_view::npos || !path.starts_with('/') || path.starts_with("/..")) return {};
  return std::string(path.substr(0, path.find('/', at)));
}

// "a-b.slice" lies below "a.slice".
std::string slice_path(std::string_view slice) {
  std::string path;
  const std::string_view name = slice.substr(0, slice.rfind(".slice"));
  for (std::size_t dash = name.find('-'); dash != std::string_view::npos;
       dash = name.find('-', dash + 1))
    (path += '/') += std::string(name.substr(0, dash)) + ".slice";
  return (path += '/') += slice;
}

}  // namespace

std::optional<std::string> cgroup_with_id(std::string_view proc_cgroup, std::string_view id) {
  std::optional<std::string> found;
  for (Text lines(proc_cgroup); !lines.empty() && !id.empty();) {
    Text line = lines.line();
    line.until(':');
    const std::string_view controllers = line.until(':');
    auto path = cut_at_id(line.rest(), id);
    if (!path) continue;
    // Where hierarchies differ, limits and the OOM killer are those of this one.
    if (controllers == "memory") return path;
    if (!found) found = std::move(path);
  }
  return found;
}

std::string usual_cgroup(Runtime runtime, std::string_view id, bool by_systemd,
                         std::string_view parent) {
  const bool is_podman = runtime == Runtime::podman;
  const std::string prefix = is_podman ? "libpod-" : "docker-";
  if (by_systemd) {
    if (!parent.ends_with(".slice")) parent = is_podman ? "machine.slice" : "system.slice";
    return slice_path(parent.substr(parent.rfind('/') + 1)) + "/" + prefix + std::string(id) +
           ".scope";
  }
  while (parent.starts_with('/')) parent.remove_prefix(1);
  while (parent.ends_with('/')) parent.remove_suffix(1);
  if (parent.empty()) parent = is_podman ? "libpod_parent" : "docker";
  return "/" + std::string(parent) + "/" + (is_podman ? prefix : "") + std::string(id);
}

}  // namespace hostmeter::source::runtime
