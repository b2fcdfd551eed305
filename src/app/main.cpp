#include <malloc.h>
#include <spdlog/spdlog.h>
#include <sys/resource.h>

#include <algorithm>
#include <exception>

#include "app/commands.hpp"
#include "app/log.hpp"
#include "app/telegraf_conf.hpp"

namespace {

int dispatch(const hostmeter::app::Arguments& arguments) {
  using hostmeter::app::Command;
  switch (arguments.command) {
    case Command::run:
      return hostmeter::app::run(arguments);
    case Command::once:
      return hostmeter::app::once(arguments);
    case Command::check:
      return hostmeter::app::check(arguments);
    case Command::catalog:
      return hostmeter::app::catalog(arguments);
    case Command::diff:
      return hostmeter::app::diff(arguments);
    case Command::doctor:
      return hostmeter::app::doctor(arguments);
    case Command::record:
      return hostmeter::app::record(arguments);
    case Command::script_list:
      return hostmeter::app::script_list(arguments);
    case Command::script_run:
      return hostmeter::app::script_run(arguments);
    case Command::version:
      return hostmeter::app::version();
  }
  return hostmeter::app::kUsage;
}

hostmeter::app::Arguments at_host(hostmeter::app::Arguments arguments) {
  using hostmeter::app::Command;
  for (const Command command : {Command::run, Command::once, Command::check, Command::doctor,
                                Command::script_list, Command::script_run})
    if (arguments.command == command) arguments.paths = hostmeter::app::paths_of(arguments);
  return arguments;
}

}  // namespace

// Large blocks (the arrays that grow with the series) go back to the kernel when freed, and threads
// that allocate little share one arena: what the allocator keeps is charged to us.
void keep_little_memory() {
  ::mallopt(M_MMAP_THRESHOLD, 128 << 10);
  ::mallopt(M_ARENA_MAX, 1);
}

// The soft limit of most systems is for programs that use select(); a descriptor for every cgroup
// that is read by files goes far beyond it.
void allow_many_files() {
  constexpr rlim_t kEnough = 1U << 16;
  rlimit files{};
  if (::getrlimit(RLIMIT_NOFILE, &files) != 0) return;
  files.rlim_cur = std::max(files.rlim_cur, std::min(files.rlim_max, kEnough));
  ::setrlimit(RLIMIT_NOFILE, &files);
}

int main(int count, char** words) {
  keep_little_memory();
  allow_many_files();
  try {
    const auto arguments = hostmeter::app::parse_arguments(count, words);
    if (const int* status = std::get_if<int>(&arguments)) return *status;
    const auto parsed = at_host(std::get<hostmeter::app::Arguments>(arguments));
    hostmeter::app::start_log(parsed.log_level.value_or("info"));
    return dispatch(parsed);
  } catch (const std::exception& error) {
    spdlog::error("{}", error.what());
    return hostmeter::app::kFailed;
  }
}
