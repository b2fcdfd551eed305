#include "source/script/cgroups.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "base/kernel_file.hpp"
#include "hostmeter/base/text.hpp"
#include "source/cgroup/script_runs.hpp"
#include "source/script/small_file.hpp"

namespace hostmeter::source::script {
namespace {

using cgroup::Controller;

constexpr std::uint8_t bit(Controller controller) {
  return std::uint8_t(1U << unsigned(controller));
}

struct Named {
  Controller controller;
  std::string_view name;
};
constexpr Named kBounds[] = {
    {Controller::memory, "memory"}, {Controller::pids, "pids"}, {Controller::cpu, "cpu"}};
constexpr Named kFigures[] = {{Controller::cpuacct, "cpuacct"}};

constexpr int kMostLevels = 32;
constexpr const char* kLeaf = "hostmeter-agent";

// "key NUMBER" of a flat file.
std::optional<std::uint64_t> keyed(int dir, const char* file, std::string_view key) {
  base::Buffer buffer(4096);
  const auto text = base::read_once(dir, file, buffer);
  for (Text rest(text ? *text : std::string_view()); !rest.empty();) {
    Text line = rest.line();
    if (line.word() == key) return line.number();
  }
  return {};
}

std::optional<std::uint64_t> single(int dir, const char* file) {
  base::Buffer buffer(4096);
  const auto text = base::read_once(dir, file, buffer);
  return text ? Text::to_number(Text::trim(*text)) : std::nullopt;
}

std::optional<std::uint64_t> in_ns(std::optional<std::uint64_t> microseconds) {
  return microseconds ? scaled(*microseconds, 1000) : std::nullopt;
}

std::vector<pid_t> processes(int dir) {
  base::Buffer buffer(4096);
  std::vector<pid_t> found;
  const auto text = base::read_once(dir, "cgroup.procs", buffer);
  for (Text rest(text ? *text : std::string_view()); !rest.empty();)
    if (const auto pid = rest.line().number()) found.push_back(pid_t(*pid));
  return found;
}

void kill_all(int dir) {
  if (!write_file(dir, "cgroup.kill", "1")) return;
  // No more may be born; then each round leaves fewer.
  (void)write_file(dir, "pids.max", "0");
  for (int round = 0; round < 64; ++round) {
    const auto all = processes(dir);
    if (all.empty()) return;
    for (const pid_t pid : all)
      if (pid > 0) ::kill(pid, SIGKILL);
  }
}

// The processes of a cgroup move into one below it, if they are all ours: only then may it have
// controllers below it.
bool step_down(const base::Dir& dir) {
  const auto all = processes(dir.fd());
  const bool are_ours = std::all_of(
      all.begin(), all.end(), [](pid_t pid) { return pid == ::getpid() || pid == ::getppid(); });
  if (!are_ours || (::mkdirat(dir.fd(), kLeaf, 0755) != 0 && errno != EEXIST)) return false;
  const auto leaf = base::Dir::open_at(dir.fd(), kLeaf);
  return leaf && std::all_of(all.begin(), all.end(), [&](pid_t pid) {
           return !write_file(leaf->fd(), "cgroup.procs", std::to_string(pid));
         });
}

bool enable(const base::Dir& dir, std::string_view controller) {
  const std::string plus = "+" + std::string(controller);
  const auto failure = write_file(dir.fd(), "cgroup.subtree_control", plus);
  if (!failure) return true;
  return failure->code == EBUSY && step_down(dir) &&
         !write_file(dir.fd(), "cgroup.subtree_control", plus);
}

// Those of the wanted that are in force below it now.
std::uint8_t enable_bounds(const base::Dir& dir, std::uint8_t wanted) {
  std::uint8_t enabled = 0;
  for (const Named& named : kBounds)
    if ((wanted & bit(named.controller)) != 0 && enable(dir, named.name))
      enabled |= bit(named.controller);
  return enabled;
}

std::optional<Error> bound_v2(int dir, std::uint8_t controllers, const Limits& limits) {
  const auto has = [&](Controller one) { return (controllers & bit(one)) != 0; };
  if (has(Controller::memory)) {
    if (const auto failure = write_file(dir, "memory.max", std::to_string(limits.memory_bytes)))
      return failure;
    (void)write_file(dir, "memory.swap.max", "0");   // absent without swap accounting
    (void)write_file(dir, "memory.oom.group", "1");  // since 4.19
  }
  if (has(Controller::pids))
    if (const auto failure = write_file(dir, "pids.max", std::to_string(limits.processes)))
      return failure;
  if (has(Controller::cpu))
    return write_file(dir, "cpu.max", std::to_string(limits.cpu_permille * 100ULL) + " 100000");
  return {};
}

struct Share {
  std::uint64_t quota_us, period_us;
};

// That of the nearest cgroup above with a bound: the kernel sees to it that none above it is less.
std::optional<Share> share_above(int dir) {
  std::string up = "../";
  for (int level = 0; level < kMostLevels; ++level, up += "../") {
    base::Buffer buffer(4096);
    const auto text = base::read_once(dir, (up + "cpu.cfs_quota_us").c_str(), buffer);
    if (!text) return {};
    const auto quota = Text::to_number(Text::trim(*text));  // none: -1
    const auto period = single(dir, (up + "cpu.cfs_period_us").c_str());
    if (quota && period) return Share{*quota, *period};
  }
  return {};
}

// More than those above have is refused there, where v2 gives what there is.
std::optional<Error> bound_cpu_v1(int dir, const Limits& limits) {
  const auto failure =
      write_file(dir, "cpu.cfs_quota_us", std::to_string(limits.cpu_permille * 100ULL));
  if (!failure || failure->code != EINVAL) return failure;
  const auto above = share_above(dir);
  if (!above) return failure;
  if (const auto other = write_file(dir, "cpu.cfs_period_us", std::to_string(above->period_us)))
    return other;
  return write_file(dir, "cpu.cfs_quota_us", std::to_string(above->quota_us));
}

std::optional<Error> bound_v1(int dir, std::uint8_t controllers, const Limits& limits) {
  const auto has = [&](Controller one) { return (controllers & bit(one)) != 0; };
  if (has(Controller::memory)) {
    const std::string bytes = std::to_string(limits.memory_bytes);
    if (const auto failure = write_file(dir, "memory.limit_in_bytes", bytes)) return failure;
    (void)write_file(dir, "memory.memsw.limit_in_bytes", bytes);  // absent without swapaccount
  }
  if (has(Controller::pids))
    if (const auto failure = write_file(dir, "pids.max", std::to_string(limits.processes)))
      return failure;
  if (has(Controller::cpu)) return bound_cpu_v1(dir, limits);
  return {};
}

// Our path in a hierarchy of v1, and the controllers that it has for us; none: it has none.
std::optional<std::string_view> own_v1_path(const cgroup::CgroupMount& mount, std::string_view own,
                                            std::uint8_t& controllers) {
  std::optional<std::string_view> path;
  const auto take = [&](const Named& named) {
    if (!mount.has(named.controller)) return;
    path = own_path(own, named.name);
    controllers |= bit(named.controller);
  };
  std::for_each(std::begin(kBounds), std::end(kBounds), take);
  std::for_each(std::begin(kFigures), std::end(kFigures), take);
  return path;
}

}  // namespace

std::optional<std::string_view> own_path(std::string_view own, std::string_view controller) {
  for (Text rest(own); !rest.empty();) {
    Text line = rest.line();
    line.until(':');
    Text names(line.until(':'));
    if (names.empty() && controller.empty()) return line.rest();
    while (!names.empty())
      if (names.until(',') == controller) return line.rest();
  }
  return {};
}

std::optional<Error> RunCgroup::enter(pid_t pid) const {
  for (const Part& part : parts_)
    if (const auto failure = write_file(part.dir.fd(), "cgroup.procs", std::to_string(pid)))
      return failure;
  return {};
}

void RunCgroup::kill() const {
  for (const Part& part : parts_) kill_all(part.dir.fd());
}

Used RunCgroup::used() const {
  Used used;
  for (const Part& part : parts_) {
    const int dir = part.dir.fd();
    const auto has = [&](Controller one) { return (part.controllers & bit(one)) != 0; };
    // Every v2 cgroup has it, whoever has the controller. What v1 says of user and system time is
    // counted in ticks, its sum is not.
    if (part.is_v2)
      used.cpu_ns = in_ns(keyed(dir, "cpu.stat", "usage_usec"));
    else if (has(Controller::cpuacct) && !used.cpu_ns)
      used.cpu_ns = single(dir, "cpuacct.usage");
    if (has(Controller::memory)) {
      used.peak_memory_bytes =
          single(dir, part.is_v2 ? "memory.peak" : "memory.max_usage_in_bytes");
      used.oom_kills = keyed(dir, part.is_v2 ? "memory.events" : "memory.oom_control", "oom_kill");
    }
    if (has(Controller::pids)) used.refused_forks = keyed(dir, "pids.events", "max");
  }
  return used;
}

bool RunCgroup::remove() const {
  bool is_gone = true;
  for (const Part& part : parts_)
    if (::unlinkat(part.parent_fd, name_.c_str(), AT_REMOVEDIR) != 0 && errno != ENOENT)
      is_gone = false;
  return is_gone;
}

Cgroups::Cgroups(std::string_view mountinfo, std::string_view own, const std::string& name)
    : name_(name) {
  const auto mounts = cgroup::parse_mountinfo(mountinfo);
  if (!mounts) return;
  for (const auto& mount : *mounts)
    if (!mount.v2) add(mount, own, name);
  for (const auto& mount : *mounts)
    if (mount.v2) add(mount, own, name);
  clear_leftovers();
}

Cgroups::~Cgroups() {
  for (const Place& place : places_) ::unlinkat(place.parent.fd(), name_.c_str(), AT_REMOVEDIR);
}

void Cgroups::add(const cgroup::CgroupMount& mount, std::string_view own, const std::string& name) {
  Place place;
  place.is_v2 = mount.v2;
  std::optional<std::string_view> path =
      mount.v2 ? own_path(own, "") : own_v1_path(mount, own, place.controllers);
  if (!path || path->starts_with("/..")) return;
  // What is mounted is a part of the tree; our path is within it, or was made so by a namespace.
  if (mount.root != "/" && path->starts_with(mount.root)) path->remove_prefix(mount.root.size());
  auto parent = base::Dir::open((mount.mount_point + std::string(*path)).c_str());
  if (!parent) return;
  if (mount.v2) {
    std::uint8_t others = 0;  // what no hierarchy of v1 has
    for (const Named& named : kBounds)
      if (!has(named.controller)) others |= bit(named.controller);
    place.controllers = enable_bounds(*parent, others);
  }
  if (!mount.v2 && place.controllers == 0) return;
  if (::mkdirat(parent->fd(), name.c_str(), 0755) != 0 && errno != EEXIST) return;
  auto dir = base::Dir::open_at(parent->fd(), name.c_str());
  // The lock ends with the supervisor, however that ends.
  if (!dir || ::flock(dir->fd(), LOCK_EX | LOCK_NB) != 0) return;
  if (mount.v2) place.controllers = enable_bounds(*dir, place.controllers);
  place.parent = std::move(*parent);
  place.dir = std::move(*dir);
  places_.push_back(std::move(place));
}

void Cgroups::clear_leftovers() const {
  for (const Place& place : places_) {
    const auto names = place.dir.subdirectories();
    if (!names) continue;
    for (const std::string& name : *names) {
      if (!name.starts_with(cgroup::kRunPrefix)) continue;
      const auto dir = base::Dir::open_at(place.dir.fd(), name.c_str());
      for (int tries = 0; dir && tries < 100; ++tries) {
        kill_all(dir->fd());
        if (::unlinkat(place.dir.fd(), name.c_str(), AT_REMOVEDIR) == 0) break;
        ::usleep(10'000);
      }
    }
  }
}

bool Cgroups::has(Controller controller) const {
  return std::any_of(places_.begin(), places_.end(), [&](const Place& place) {
    return (place.controllers & bit(controller)) != 0;
  });
}

FeatureState Cgroups::state(Feature feature) const {
  const Controller controller = feature == Feature::memory      ? Controller::memory
                                : feature == Feature::processes ? Controller::pids
                                                                : Controller::cpu;
  if (has(controller)) return {};
  return {ENOTSUP, "no cgroup of our own with this controller could be made"};
}

Result<RunCgroup> Cgroups::make(std::uint64_t number, const Limits& limits) const {
  RunCgroup made;
  made.name_ = std::string(cgroup::kRunPrefix) + std::to_string(number);
  for (const Place& place : places_) {
    if (::mkdirat(place.dir.fd(), made.name_.c_str(), 0755) != 0) {
      const Error failure{errno, "make a cgroup"};
      (void)made.remove();
      return failure;
    }
    auto dir = base::Dir::open_at(place.dir.fd(), made.name_.c_str());
    const int fd = dir ? dir->fd() : -1;
    const auto failure = !dir          ? std::optional(dir.error())
                         : place.is_v2 ? bound_v2(fd, place.controllers, limits)
                                       : bound_v1(fd, place.controllers, limits);
    made.parts_.push_back(
        {place.dir.fd(), dir ? std::move(*dir) : base::Dir(), place.is_v2, place.controllers});
    if (failure) {
      (void)made.remove();
      return *failure;
    }
  }
  return made;
}

}  // namespace hostmeter::source::script
