// Where scripts and the supervisor find things: among our own mounts, whatever host is read.
#pragma once
#include <array>

namespace hostmeter::source::script::paths {

inline constexpr const char* kRoot = "/";
inline constexpr const char* kProc = "/proc";
inline constexpr const char* kDev = "/dev";
inline constexpr const char* kRun = "/run";
inline constexpr const char* kTmp = "/tmp";
inline constexpr std::array kAlsoTmp = {"/var/tmp", "/dev/shm"};
inline constexpr const char* kSecrets = "/run/secrets";
inline constexpr const char* kNull = "/dev/null";
inline constexpr const char* kResolver = "/etc/resolv.conf";
inline constexpr const char* kPipeMaxSize = "/proc/sys/fs/pipe-max-size";
inline constexpr const char* kPipeUserPages = "/proc/sys/fs/pipe-user-pages-soft";
inline constexpr const char* kSelfFds = "/proc/self/fd";
inline constexpr const char* kSelfMounts = "/proc/self/mountinfo";
inline constexpr const char* kSelfCgroup = "/proc/self/cgroup";
inline constexpr const char* kSelfOom = "/proc/self/oom_score_adj";
inline constexpr const char* kSelfTask = "/proc/self/task";

}  // namespace hostmeter::source::script::paths
