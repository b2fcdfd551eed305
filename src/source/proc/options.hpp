// Settings of the host's readers.
#pragma once
#include "base/glob_filter.hpp"

namespace hostmeter::source::proc {

struct Options {
  // node_exporter's defaults, as globs: no RAM disks, no loop devices, no partitions of them.
  base::GlobFilter disks{{},
                         {"ram[0-9]*", "zram[0-9]*", "loop[0-9]*", "fd[0-9]*", "[hsv]d[a-z][0-9]*",
                          "[hsv]d[a-z][a-z][0-9]*", "xvd[a-z][0-9]*", "nvme[0-9]*n[0-9]*p[0-9]*",
                          "mmcblk[0-9]*p[0-9]*"}};
  base::GlobFilter interfaces{};
};

}  // namespace hostmeter::source::proc
