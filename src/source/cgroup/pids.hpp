// Tasks of cgroups.
#pragma once
#include <utility>

#include "hostmeter/flow/facts/cgroup_pids.hpp"
#include "source/cgroup/activity.hpp"
#include "source/cgroup/file_cache.hpp"
#include "source/cgroup/per_cgroup.hpp"

namespace hostmeter::source::cgroup {

// pids.events: forks refused because of the limit.
Result<Facts<CgroupPids>> parse_pids_events(std::string_view text);

// v2's cgroup.events: populated, frozen.
Result<Facts<CgroupPids>> parse_cgroup_events(std::string_view text);

class PidsReader final : public Reader {
 public:
  PidsReader(const Inventory& inventory, FileCache& files, const Activity& activity,
             Options options)
      : inventory_(inventory), files_(files), activity_(activity), options_(std::move(options)) {}

  void read(const Tick&, Output&) override;

 private:
  struct State {
    FileCache::File current, refused, events;
    std::optional<std::uint64_t> tasks, limit;  // as of the last looks
    Facts<CgroupPids> slow;                     // likewise
    LastLook look;
    LastSent<CgroupPids> sent;
  };
  std::optional<std::uint64_t> value(const Result<std::string_view>& text);
  Facts<CgroupPids> look_at_events(const Cgroup&, State&);

  const Inventory& inventory_;
  FileCache& files_;
  const Activity& activity_;
  Options options_;
  PerCgroup<State> states_;
};

}  // namespace hostmeter::source::cgroup
