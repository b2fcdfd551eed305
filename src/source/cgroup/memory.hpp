// Memory of cgroups.
#pragma once
#include <string_view>
#include <utility>

#include "hostmeter/flow/facts/cgroup_memory.hpp"
#include "source/cgroup/file_cache.hpp"
#include "source/cgroup/per_cgroup.hpp"

namespace hostmeter::source::cgroup {

// v2's memory.stat.
Result<Facts<CgroupMemory>> parse_memory_stat(std::string_view text);

// v1's: the figures with everything below (total_*), and the faults without.
Result<Facts<CgroupMemory>> parse_memory_stat_v1(std::string_view text);

// v2's memory.events, v1's memory.oom_control.
Result<Facts<CgroupMemory>> parse_memory_events(std::string_view text);

class MemoryReader final : public Reader {
 public:
  MemoryReader(const Inventory& inventory, FileCache& files, Options options)
      : inventory_(inventory), files_(files), options_(std::move(options)) {}

  void read(const Tick&, Output&) override;

 private:
  struct State {
    FileCache::File current, stat, peak, failcnt, events, kernel, swap;
    Facts<CgroupMemory> slow;
    std::size_t hierarchy = kMaxHierarchies;  // of the slow values
    // What changes whenever anything does: of the last tick, and of the last look at slow files.
    std::optional<std::uint64_t> usage, faults, looked_usage, looked_faults;
    LastSent<CgroupMemory> sent;
  };
  bool is_turn(const Tick&, const Cgroup&, const State&) const;
  // Of the root memory.stat is slow, too, and with it the working set, which must be of one moment:
  // of the host's memory its own readers tell at every tick.
  Facts<CgroupMemory> read_slow(const Cgroup&, State&, Where);
  void read_usage(const Cgroup&, State&, Where, Facts<CgroupMemory>&);
  void read_stat(const Cgroup&, State&, Where, Facts<CgroupMemory>&);
  void read_value(CgroupMemory, FileCache::File&, const Cgroup&, std::size_t hierarchy,
                  std::string_view name, Facts<CgroupMemory>&);

  const Inventory& inventory_;
  FileCache& files_;
  Options options_;
  PerCgroup<State> states_;
  LongTicks long_ticks_;
};

}  // namespace hostmeter::source::cgroup
