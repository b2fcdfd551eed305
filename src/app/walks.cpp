#include "app/walks.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <string>
#include <vector>

#include "source/bpf/kernel_support.hpp"
#include "source/bpf/walk_object.hpp"
#include "source/bpf/walk_setup.hpp"
#include "source/walk/readers.hpp"

namespace hostmeter::app {
namespace {

// Hierarchies of which the same is to be said.
struct Said {
  std::string mounts;
  std::string what;
  Error why;
};

void say(std::vector<Said>& all, const std::string& mount, const std::string& what,
         const Error& why) {
  const auto same = std::ranges::find_if(
      all, [&](const Said& one) { return one.what == what && one.why.what == why.what; });
  if (same != all.end())
    same->mounts += ", " + mount;
  else
    all.push_back({mount, what, why});
}

void add_walks(const source::cgroup::Hierarchies& hierarchies, Readers& made) {
  std::vector<Said> said;
  for (std::size_t h = 0; h < hierarchies.all().size(); ++h) {
    const source::cgroup::Hierarchy& hierarchy = hierarchies.all()[h];
    const std::string& mount = hierarchy.mount.mount_point;
    // In v1's blkio hierarchy a walk finds no figures, but whoever came by another mount.
    const Error error = made.walks->add(h);
    const bool has_figures =
        hierarchies.is_v2(h) || source::bpf::walked_controllers(hierarchy) != 0;
    if (error.code != 0 && has_figures) say(said, mount, "are read from files, not walked", error);
    const source::walk::HierarchyWalk* walk = has_figures ? made.walks->at(h) : nullptr;
    if (const auto* way = walk ? walk->way() : nullptr; way && way->refused)
      say(said, mount, "are walked by the slower " + std::string(to_string(way->rung)),
          *way->refused);
  }
  for (const Said& one : said)
    made.remarks.push_back(
        without_bpf("cgroup_walk", "the cgroups of " + one.mounts + ' ' + one.what, one.why));
}

}  // namespace

Remark remark_of(const source::walk::Walks::Remark& remark,
                 const std::optional<Error>& memory_closed) {
  if (remark.is_room)
    return {.reader = remark.reader,
            .what = "some cgroups are read from files, not from the walk: " + remark.what,
            .mend =
                "raise walk_cgroups in [bpf] and containers in [limits]; or do nothing, reading "
                "files costs more CPU and is as right"};
  if (memory_closed && remark.reader == "cgroup_memory")
    return without_bpf(remark.reader,
                       "cgroup_memory is read from files, not from the walk: " + remark.what,
                       *memory_closed);
  return {.reader = remark.reader,
          .what = remark.reader + " is read from files, not from the walk: " + remark.what,
          .mend = "set bpf.walk = false if this kernel cannot be walked, and tell us its version"};
}

Remark doubt_of(const source::walk::Walks::Remark& remark) {
  return {
      .reader = remark.reader,
      .what = remark.reader + " is still read from files, not from the walk: " + remark.what,
      .mend =
          "nothing need be done: an agent that runs compares again until the walk is held right "
          "or wrong"};
}

void use_walks(const config::Settings& settings, const source::Host& host,
               const source::cgroup::Options& options, Readers& made) {
  if (!settings.bpf.enabled || !settings.bpf.walk || !host.live) return;
  made.memory_closed = source::bpf::memory_closed(host.sys);
  const source::cgroup::Hierarchies& hierarchies = *made.cgroup.hierarchies;
  auto load = [&host, &hierarchies](std::size_t hierarchy, std::uint32_t max_cgroups) {
    return source::bpf::load_walk(host, hierarchies.all()[hierarchy],
                                  {.max_cgroups = max_cgroups, .log = [](std::string_view line) {
                                     spdlog::debug("libbpf: {}", line);
                                   }});
  };
  source::walk::Walks::Room room{
      .most = std::uint32_t(std::min(settings.bpf.walk_cgroups, settings.limits.containers + 1))};
  // Once rights are locked nothing more can be loaded.
  if (settings.rights.lock) room.first = room.most;
  made.walks = std::make_unique<source::walk::Walks>(*made.tree, hierarchies, *made.cgroup.files,
                                                     std::move(load), room);
  add_walks(hierarchies, made);
  source::walk::use_walks(*made.walks, made.cgroup, options);
  if (made.walks->empty()) made.walks.reset();
}

}  // namespace hostmeter::app
