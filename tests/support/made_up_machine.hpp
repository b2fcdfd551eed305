// A small made-up machine that the whole agent can run on.
#pragma once

namespace hostmeter::test {

// v2, one Docker container beside one service, two CPUs' worth of nothing much.
inline constexpr const char* kMachine = R"(
-- proc/loadavg --
0.50 0.40 0.30 1/100 4242
-- proc/1/mountinfo --
20 1 8:1 / / rw,relatime - ext4 /dev/sda1 rw
30 20 0:26 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw
-- proc/uptime --
1000.00 900.00
-- sys/fs/cgroup/cgroup.procs --
1
-- sys/fs/cgroup/cpu.stat --
usage_usec 5000000
user_usec 3000000
system_usec 2000000
-- sys/fs/cgroup/system.slice/cpu.stat --
usage_usec 4000000
user_usec 2500000
system_usec 1500000
-- sys/fs/cgroup/system.slice/docker-d96b205d37cfc6a17862c6c2d9846025c27f5099a0dbd66c9671cb69ee789753.scope/cpu.stat --
usage_usec 1234567
user_usec 1000000
system_usec 234567
-- sys/fs/cgroup/system.slice/docker-d96b205d37cfc6a17862c6c2d9846025c27f5099a0dbd66c9671cb69ee789753.scope/memory.current --
4096000
)";
inline constexpr const char* kContainer =
    "/system.slice/docker-d96b205d37cfc6a17862c6c2d9846025c27f5099a0dbd66c9671cb69ee789753.scope";

}  // namespace hostmeter::test
