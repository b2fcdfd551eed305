// Tasks of cgroups.
#pragma once
#include "hostmeter/flow/facts/cgroup_pids.hpp"
#include "source/cgroup/activity.hpp"
#include "source/cgroup/file_cache.hpp"
#include "source/cgroup/per_cgroup.hpp"

namespace hostmeter::source::cgroup {

class PidsReader final : public Reader {
 public:
  PidsReader(const Inventory& inventory, FileCache& files, const Activity& activity,
             const Options& options)
      : inventory_(inventory), files_(files), activity_(activity), options_(options) {}

  void read(const Tick&, Output&) override;

 private:
  struct State {
    FileCache::File current;
    std::optional<std::uint64_t> tasks, limit;  // as of the last looks
    LastLook look;
    LastSent<CgroupPids> sent;
  };
  std::optional<std::uint64_t> value(const Result<std::string_view>& text);

  const Inventory& inventory_;
  FileCache& files_;
  const Activity& activity_;
  Options options_;
  PerCgroup<State> states_;
};

}  // namespace hostmeter::source::cgroup
