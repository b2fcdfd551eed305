// Where this host keeps its cgroups: found in mountinfo, never configured.
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/dir.hpp"
#include "hostmeter/base/result.hpp"
#include "source/host.hpp"

namespace hostmeter::source::cgroup {

// The controllers we read. cpuacct, blkio: v2 has their figures in cpu.stat and io.stat.
enum class Controller : std::uint8_t { cpu, cpuacct, memory, blkio, pids, count };
inline constexpr std::size_t kControllers = std::size_t(Controller::count);

enum class Layout : std::uint8_t { none, v1, v2, hybrid };
constexpr std::string_view to_string(Layout layout) {
  constexpr std::string_view kNames[] = {"none", "v1", "v2", "hybrid"};
  return kNames[std::size_t(layout)];
}

// One cgroup line of mountinfo.
struct CgroupMount {
  bool v2 = false;
  std::uint8_t controllers = 0;  // v1: a bit for each Controller mounted here
  std::string device;            // "0:29": the same for every mount of one hierarchy
  std::string root;              // what of the hierarchy is mounted, seen from our cgroup namespace
  std::string mount_point;
  bool has(Controller controller) const { return (controllers >> unsigned(controller) & 1U) != 0; }
  friend bool operator==(const CgroupMount&, const CgroupMount&) = default;
};

// Those of a comma-separated list that we read, a bit for each.
std::uint8_t controllers_in(std::string_view names);

// The cgroup mounts we can use: the v2 tree and each v1 hierarchy with a controller of ours, once
// each, the mount that shows most of it. EBADMSG: a line is not mountinfo.
Result<std::vector<CgroupMount>> parse_mountinfo(std::string_view text);

struct Hierarchy {
  CgroupMount mount;
  base::Dir dir;
};

class Hierarchies {
 public:
  Hierarchies() = default;
  // Those whose mount points could be opened below the host's root. No error: none is an answer.
  static Hierarchies discover(Host& host);

  Layout layout() const;
  std::span<const Hierarchy> all() const { return all_; }
  // Where a controller's files are: its v1 hierarchy, else the v2 tree.
  std::optional<std::size_t> of(Controller) const;
  std::optional<std::size_t> unified() const;
  bool is_v2(std::size_t hierarchy) const { return all_[hierarchy].mount.v2; }

  // False when a hierarchy's root is not the host's: we are in a cgroup namespace, or a part of
  // the tree was mounted for us. What is outside of it does not exist for us.
  bool sees_whole_tree() const { return sees_whole_tree_; }

 private:
  std::vector<Hierarchy> all_;
  bool sees_whole_tree_ = true;
};

}  // namespace hostmeter::source::cgroup
