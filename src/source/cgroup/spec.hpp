// Limits and shares of cgroups.
#pragma once
#include <optional>
#include <string_view>
#include <utility>

#include "hostmeter/flow/facts/cgroup_spec.hpp"
#include "source/cgroup/file_cache.hpp"
#include "source/cgroup/per_cgroup.hpp"

namespace hostmeter::source::cgroup {

// v1's cpu.cfs_quota_us, in ns; nothing for -1: no quota.
Result<std::optional<std::uint64_t>> parse_cfs_quota(std::string_view text);

// v2's cpu.max, "50000 100000" or "max 100000": quota and period.
Result<Facts<CgroupSpec>> parse_cpu_max(std::string_view text);

// cpu.weight (1…10000) on the scale of cpu.shares (2…262144), the way container runtimes map them.
std::uint64_t shares_of_weight(std::uint64_t weight);

// A byte limit; 0 for "max" and for what v1 shows in its place, nothing for a limit of 0: the
// metrics say 0 for no limit, which must not be mistaken for nothing allowed.
Result<std::optional<std::uint64_t>> parse_limit(std::string_view text, std::string_view what);

class SpecReader final : public Reader {
 public:
  SpecReader(const Inventory& inventory, FileCache& files, Options options)
      : inventory_(inventory), files_(files), options_(std::move(options)) {}

  void read(const Tick&, Output&) override;

 private:
  struct State {
    Facts<CgroupSpec> facts;
    LastSent<CgroupSpec> sent;
  };
  Facts<CgroupSpec> look(const Cgroup&);
  void look_at_cpu_v1(const Cgroup&, std::size_t hierarchy, Facts<CgroupSpec>&);
  void look_at_cpu_v2(const Cgroup&, std::size_t hierarchy, Facts<CgroupSpec>&);
  void look_at_reservation(const Cgroup&, Where, Facts<CgroupSpec>&);
  void look_at_limit(CgroupSpec, const Cgroup&, std::size_t hierarchy, std::string_view name,
                     Facts<CgroupSpec>&);

  const Inventory& inventory_;
  FileCache& files_;
  Options options_;
  PerCgroup<State> states_;
};

}  // namespace hostmeter::source::cgroup
