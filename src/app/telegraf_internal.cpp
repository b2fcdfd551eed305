#include "app/telegraf_internal.hpp"

#include <algorithm>
#include <string>
#include <string_view>

namespace hostmeter::app {
namespace {

using Of = contract::telegraf::Internal::Of;

struct Measured {
  std::string_view input;
  std::vector<std::string> readers;
};

const std::vector<Measured>& measured() {
  static const std::vector<Measured> all = {
      {"conntrack", {"conntrack", "conntrack_cpus"}},
      {"cpu", {"stat"}},
      {"disk", {"filesystem"}},
      {"diskio", {"diskstats"}},
      {"docker",
       {"cgroup_tree", "cgroup_walk", "cgroup_cpu", "cgroup_cpu_each", "cgroup_memory",
        "cgroup_memory_stat", "cgroup_blkio", "cgroup_network"}},
      {"interrupts", {"interrupts"}},
      {"kernel", {"stat", "entropy", "pressure", "pressure_averages", "ksm"}},
      {"kernel_vmstat", {"vmstat_all"}},
      {"linux_sysctl_fs", {"sysctl_fs"}},
      {"mem", {"meminfo"}},
      {"net", {"netdev", "netclass", "netstat_all"}},
      {"netstat", {"sockstat", "tcp_states"}},
      {"nstat", {"netstat_all"}},
      {"processes", {"processes"}},
      {"swap", {"meminfo", "vmstat"}},
      {"system", {"loadavg", "cpu_info", "users"}},
  };
  return all;
}

Of new_one(const config::telegraf::Input& input) {
  Of of{.input = input.name, .alias = input.common.alias};
  for (const Measured& each : measured())
    if (each.input == input.name) of.readers = each.readers;
  return of;
}

}  // namespace

std::vector<Of> told_of(const std::vector<const config::telegraf::Input*>& inputs) {
  std::vector<Of> all;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const config::telegraf::Input& input = *inputs[i];
    const auto known = std::find_if(all.begin(), all.end(), [&](const Of& of) {
      return of.input == input.name && of.alias == input.common.alias;
    });
    Of& of = known != all.end() ? *known : all.emplace_back(new_one(input));
    of.inputs.push_back(i);
    if (const auto* exec = std::get_if<config::telegraf::Exec>(&input.plugin))
      for (const config::telegraf::Command& command : exec->commands)
        of.scripts.push_back(command.name);
  }
  return all;
}

}  // namespace hostmeter::app
