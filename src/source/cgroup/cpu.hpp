// CPU time and throttling of cgroups.
#pragma once
#include <string_view>
#include <utility>

#include "hostmeter/flow/facts/cgroup_cpu.hpp"
#include "source/cgroup/activity.hpp"
#include "source/cgroup/file_cache.hpp"
#include "source/cgroup/per_cgroup.hpp"

namespace hostmeter::source::cgroup {

// v2's cpu.stat. Usage, user and system only where the cpu controller is not enabled.
Result<Facts<CgroupCpu>> parse_cpu_stat(std::string_view text);

// v1: cpuacct.stat, in ticks of 10 ms.
Result<Facts<CgroupCpu>> parse_cpuacct_stat(std::string_view text);

// v1: cpu.stat of the cpu controller.
Result<Facts<CgroupCpu>> parse_throttling(std::string_view text);

class CpuReader final : public Reader {
 public:
  CpuReader(const Inventory& inventory, FileCache& files, Activity& activity, Options options)
      : inventory_(inventory), files_(files), activity_(activity), options_(std::move(options)) {}

  void read(const Tick&, Output&) override;

 private:
  struct State {
    FileCache::File usage, stat, throttling;
    bool has_quota = false;             // as of the last look
    Facts<CgroupCpu> throttled, ticks;  // as of the last look
    LastLook look;
    LastSent<CgroupCpu> sent;
  };
  bool look_for_quota(const Cgroup&);
  void read_throttling(const Cgroup&, State&);
  Facts<CgroupCpu> read_v1(const Tick&, const Cgroup&, State&, std::size_t hierarchy);
  Facts<CgroupCpu> read_v2(const Cgroup&, State&, std::size_t hierarchy);

  const Inventory& inventory_;
  FileCache& files_;
  Activity& activity_;
  Options options_;
  PerCgroup<State> states_;
};

}  // namespace hostmeter::source::cgroup
