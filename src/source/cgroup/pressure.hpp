// Stall information of cgroups: v2's cpu.pressure, memory.pressure, io.pressure, also in the v2
// tree of a hybrid host.
#pragma once
#include <string_view>

#include "hostmeter/flow/facts/cgroup_pressure.hpp"
#include "source/cgroup/file_cache.hpp"
#include "source/cgroup/per_cgroup.hpp"

namespace hostmeter::source::cgroup {

// Time stalled since the cgroup was made.
struct Stalls {
  std::optional<std::uint64_t> some_ns, full_ns;
};
Result<Stalls> parse_pressure(std::string_view text);

// Looked at as often in a cgroup that uses no CPU time as in any: one whose tasks wait for a disk
// that does not answer is what these figures are for.
class PressureReader final : public Reader {
 public:
  PressureReader(const Inventory& inventory, FileCache& files, const Options& options)
      : inventory_(inventory), files_(files), every_(options.warm_every) {}

  void read(const Tick&, Output&) override;

 private:
  struct State {
    FileCache::File cpu, memory, io;
    Facts<CgroupPressure> facts;
    LastSent<CgroupPressure> sent;
  };
  Facts<CgroupPressure> look(const Cgroup&, State&, std::size_t hierarchy);

  const Inventory& inventory_;
  FileCache& files_;
  unsigned every_;
  PerCgroup<State> states_;
};

}  // namespace hostmeter::source::cgroup
