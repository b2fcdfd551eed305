// A cgroup for each run, with bounds, below our own cgroup in each hierarchy.
#pragma once
#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/dir.hpp"
#include "hostmeter/base/result.hpp"
#include "source/cgroup/hierarchies.hpp"
#include "source/script/request.hpp"

namespace hostmeter::source::script {

// What a run used, as far as its cgroups tell.
struct Used {
  std::optional<std::uint64_t> cpu_ns, peak_memory_bytes, oom_kills, refused_forks;
};

// Removed by remove() alone: until the last process has gone that is refused.
class RunCgroup {
 public:
  std::optional<Error> enter(pid_t pid) const;
  // Nothing is born in it any more, and all that is in it is killed; the kernel may take a moment.
  void kill() const;
  Used used() const;
  // True: nothing of it is left.
  bool remove() const;

 private:
  friend class Cgroups;
  struct Part {
    int parent_fd = -1;  // of Cgroups, which outlives it
    base::Dir dir;
    bool is_v2 = false;
    std::uint8_t controllers = 0;
  };
  std::string name_;
  std::vector<Part> parts_;
};

class Cgroups {
 public:
  // From the text of mountinfo and of our /proc/PID/cgroup. Where processes beside those of ours
  // keep a v2 cgroup from having controllers below it, these are not in force. What an earlier
  // supervisor of that name left is killed and removed; one that lives keeps what it has.
  Cgroups(std::string_view mountinfo, std::string_view own, const std::string& name);
  ~Cgroups();
  Cgroups(const Cgroups&) = delete;
  Cgroups& operator=(const Cgroups&) = delete;

  // Of memory, processes and cpu.
  FeatureState state(Feature feature) const;

  Result<RunCgroup> make(std::uint64_t number, const Limits& limits) const;

 private:
  struct Place {
    base::Dir parent, dir;
    bool is_v2 = false;
    std::uint8_t controllers = 0;  // in force below it
  };
  void add(const cgroup::CgroupMount& mount, std::string_view own, const std::string& name);
  void clear_leftovers() const;
  bool has(cgroup::Controller controller) const;

  std::string name_;
  std::vector<Place> places_;
};

// Of "N:controllers:path" lines, the path of the hierarchy with this controller; none: of v2.
std::optional<std::string_view> own_path(std::string_view own, std::string_view controller);

}  // namespace hostmeter::source::script
