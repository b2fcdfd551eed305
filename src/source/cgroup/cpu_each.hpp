// CPU time of containers by CPU, for who asks for it. Only v1 shows it.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hostmeter/flow/facts/cgroup_cpu.hpp"
#include "source/cgroup/file_cache.hpp"
#include "source/cgroup/gathers.hpp"
#include "source/cgroup/per_cgroup.hpp"
#include "source/host.hpp"

namespace hostmeter::source::cgroup {

inline constexpr std::size_t kMostCpus = 8'192;  // the kernel's own bound

// cpuacct.usage_percpu: ns of each CPU that may ever be there, in one line. Adds to usage.
Result<std::size_t> parse_usage_percpu(std::string_view text, std::vector<std::uint64_t>& usage);

// "0-3,8": the CPUs that are online, in ascending order.
Result<std::vector<std::uint32_t>> parse_cpu_list(std::string_view text);

class CpuEachReader final : public Reader {
 public:
  CpuEachReader(Host& host, const Inventory& inventory, FileCache& files, const Options& options);

  void read(const Tick&, Output&) override;

 private:
  static constexpr std::size_t kMostValues = 4'096;  // in a tick: they must fit into the ring
  struct State {
    ~State() {
      if (cpus) cpus->drop();
    }
    std::uint64_t round = 0;
    std::optional<InstanceSet> cpus;
  };
  void look(const Cgroup&);

  Host& host_;
  const Inventory& inventory_;
  FileCache& files_;
  std::vector<std::uint32_t> online_;
  std::vector<std::string> names_;  // of CPUs, by number
  Gathers gathers_;
  PerCgroup<State> states_;
  std::vector<std::uint64_t> usage_;  // of the cgroup being read
};

}  // namespace hostmeter::source::cgroup
