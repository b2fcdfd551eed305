// What of containers only memory.stat says, for who asks for it.
#pragma once
#include <string_view>

#include "hostmeter/flow/facts/cgroup_memory.hpp"
#include "source/cgroup/file_cache.hpp"
#include "source/cgroup/gathers.hpp"
#include "source/cgroup/per_cgroup.hpp"

namespace hostmeter::source::cgroup {

Result<Facts<CgroupMemoryStat>> parse_memory_stat_parts(std::string_view text);     // v2's
Result<Facts<CgroupMemoryStat>> parse_memory_stat_parts_v1(std::string_view text);  // v1's

class MemoryStatReader final : public Reader {
 public:
  MemoryStatReader(const Inventory& inventory, FileCache& files, const Options& options)
      : inventory_(inventory), files_(files), gathers_(options.memory_stat, kMost) {}

  void read(const Tick&, Output&) override;

 private:
  static constexpr std::size_t kMost = 1'000;  // 10 ms
  struct State {
    std::uint64_t round = 0;
    bool has_told = false;
  };
  Facts<CgroupMemoryStat> look(const Cgroup&);

  const Inventory& inventory_;
  FileCache& files_;
  Gathers gathers_;
  PerCgroup<State> states_;
};

}  // namespace hostmeter::source::cgroup
