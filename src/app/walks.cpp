#include "app/walks.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>

#include "source/bpf/kernel_support.hpp"
#include "source/bpf/walk_object.hpp"
#include "source/bpf/walk_setup.hpp"
#include "source/walk/readers.hpp"

namespace hostmeter::app {

Remark remark_of(const source::walk::Walks::Remark& remark,
                 const std::optional<Error>& memory_closed) {
  if (remark.is_room)
    return {.reader = remark.reader,
            .what = "some cgroups are read from files, not from the walk: " + remark.what,
            .mend =
                "raise walk_cgroups in [bpf] and containers in [limits]; or do nothing, reading "
                "files costs more CPU and is as right"};
  if (memory_closed && remark.reader == "cgroup_memory")
    return without_bpf(remark.reader, "cgroup_memory is read from files, not from the walk",
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
  // In v1's blkio hierarchy a walk finds no figures, but whoever came by another mount.
  for (std::size_t h = 0; h < hierarchies.all().size(); ++h) {
    const Error error = made.walks->add(h);
    const bool has_figures =
        hierarchies.is_v2(h) || source::bpf::walked_controllers(hierarchies.all()[h]) != 0;
    if (error.code != 0 && has_figures)
      made.remarks.push_back(without_bpf("cgroup_walk",
                                         "the cgroups of " +
                                             hierarchies.all()[h].mount.mount_point +
                                             " are read from files, not walked",
                                         error));
  }
  source::walk::use_walks(*made.walks, made.cgroup, options);
  if (made.walks->empty()) made.walks.reset();
}

}  // namespace hostmeter::app
