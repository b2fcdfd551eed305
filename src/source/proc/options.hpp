// Settings of the host's readers.
#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/glob_filter.hpp"
#include "source/proc/pace.hpp"

namespace hostmeter::source::proc {

class Errands;
class StatfsWorkers;

// Interfaces of the host that are a container's own and shown with it.
struct HiddenInterfaces {
  virtual ~HiddenInterfaces() = default;
  virtual bool hides(std::string_view name) const = 0;
};

struct Options {
  // node_exporter's defaults, as globs: no RAM disks, no loop devices, no partitions of them.
  base::GlobFilter disks{{},
                         {"ram[0-9]*", "zram[0-9]*", "loop[0-9]*", "fd[0-9]*", "[hsv]d[a-z][0-9]*",
                          "[hsv]d[a-z][a-z][0-9]*", "xvd[a-z][0-9]*", "nvme[0-9]*n[0-9]*p[0-9]*",
                          "mmcblk[0-9]*p[0-9]*"}};
  base::GlobFilter interfaces{};
  const HiddenInterfaces* hidden_interfaces = nullptr;  // outlives the readers; null: none

  // node_exporter's defaults: what stands for no storage, and what container runtimes mount.
  base::GlobFilter mount_points{{},
                                {"/dev", "/dev/*", "/proc", "/proc/*", "/run/credentials/*", "/sys",
                                 "/sys/*", "/var/lib/docker/*", "/var/lib/containers/storage/*"}};
  base::GlobFilter fstypes{{}, {"autofs",    "binfmt_misc", "bpf",    "cgroup",     "cgroup2",
                                "configfs",  "debugfs",     "devpts", "devtmpfs",   "fusectl",
                                "hugetlbfs", "iso9660",     "mqueue", "nsfs",       "overlay",
                                "proc",      "procfs",      "pstore", "rpc_pipefs", "securityfs",
                                "selinuxfs", "squashfs",    "erofs",  "sysfs",      "tracefs"}};
  // Who asks the filesystems for their sizes; without it they have none.
  std::shared_ptr<StatfsWorkers> statfs;
  // Who asks sensors, and the drivers of interfaces, that may hang: apart, so that a bus of dead
  // sensors leaves the others alone. Without them they are asked at the tick.
  std::shared_ptr<Errands> sensors, drivers;
  // Who looks at all processes and sockets, where that is asked for.
  std::shared_ptr<Errands> surveys;

  // When those read that are asked for: all alike, and some by name.
  Every asked{};
  std::vector<std::pair<std::string, Every>> asked_by_name{};
  Moments moments(std::string_view reader) const {
    Moments all;
    for (const auto& [name, every] : asked_by_name)
      if (name == reader) all.push_back(every);
    return all.empty() ? Moments{asked} : all;
  }
};

}  // namespace hostmeter::source::proc
