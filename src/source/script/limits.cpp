#include "source/script/limits.hpp"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "source/script/host_paths.hpp"
#include "source/script/small_file.hpp"

namespace hostmeter::source::script {
namespace {

constexpr int kNice = 10;
constexpr std::uint64_t kSecond = 1'000'000'000;

std::optional<Error> limit(__rlimit_resource resource, rlim_t most) {
  rlimit now{};
  if (::getrlimit(resource, &now) != 0) return Error{errno, "getrlimit"};
  // What is lower already stays so, for to raise it takes a right.
  const rlim_t least = std::min(most, now.rlim_max);
  const rlimit wanted{least, least};
  if (::setrlimit(resource, &wanted) != 0) return Error{errno, "setrlimit"};
  return {};
}

}  // namespace

std::optional<Error> set_rlimits(const Job& job) {
  const Limits& limits = job.run.limits;
  struct Bound {
    __rlimit_resource resource;
    rlim_t most;
    bool is_wanted = true;
  };
  // RLIMIT_NPROC counts every process of the user, in all runs: only where there is nothing better.
  const Bound bounds[] = {
      {RLIMIT_NOFILE, limits.open_files},
      {RLIMIT_FSIZE, limits.file_bytes},
      {RLIMIT_CORE, 0},
      {RLIMIT_MEMLOCK, 64U << 10},
      {RLIMIT_MSGQUEUE, 0},
      {RLIMIT_SIGPENDING, 128},
      {RLIMIT_RTPRIO, 0},
      {RLIMIT_NICE, 0},
      {RLIMIT_STACK, 8U << 20},
      {RLIMIT_CPU, (limits.wall_ns + limits.grace_ns) / kSecond * 4 + 4},
      {RLIMIT_NPROC, limits.processes, !job.rules.features.has(Feature::processes)},
      {RLIMIT_DATA, limits.memory_bytes, !job.rules.features.has(Feature::memory)},
  };
  for (const Bound& bound : bounds)
    if (bound.is_wanted)
      if (const auto failure = limit(bound.resource, bound.most)) return failure;
  return {};
}

std::optional<Error> lower_priority() {
  if (::setpriority(PRIO_PROCESS, 0, kNice) != 0) return Error{errno, "setpriority"};
  constexpr int kOfProcess = 1, kBestEffortLowest = 2 << 13 | 7;  // of linux/ioprio.h
  if (::syscall(SYS_ioprio_set, kOfProcess, 0, kBestEffortLowest) != 0)
    return Error{errno, "ioprio_set"};
  return write_file(AT_FDCWD, paths::kSelfOom, "800");
}

}  // namespace hostmeter::source::script
