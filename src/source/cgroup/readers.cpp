#include "source/cgroup/readers.hpp"

#include "source/cgroup/blkio.hpp"
#include "source/cgroup/cpu.hpp"
#include "source/cgroup/cpu_each.hpp"
#include "source/cgroup/info.hpp"
#include "source/cgroup/memory.hpp"
#include "source/cgroup/memory_stat.hpp"
#include "source/cgroup/pids.hpp"
#include "source/cgroup/pressure.hpp"
#include "source/cgroup/spec.hpp"

namespace hostmeter::source::cgroup {

Readers make_readers(Host& host, const Options& options) {
  Readers made;
  made.hierarchies = std::make_unique<Hierarchies>(Hierarchies::discover(host));
  made.tree = std::make_unique<Tree>(host, *made.hierarchies, options);
  made.files = std::make_unique<FileCache>(*made.hierarchies, *made.tree, host.buffer, options);
  made.activity = std::make_unique<Activity>();
  Activity& activity = *made.activity;
  const Inventory& inventory = *made.tree;
  FileCache& files = *made.files;
  made.readers.push_back({"cgroup_info", std::make_unique<InfoReader>(inventory)});
  made.readers.push_back({"cgroup_spec", std::make_unique<SpecReader>(inventory, files, options)});
  made.readers.push_back(
      {"cgroup_cpu", std::make_unique<CpuReader>(inventory, files, activity, options)});
  made.readers.push_back(
      {"cgroup_memory", std::make_unique<MemoryReader>(inventory, files, options)});
  made.readers.push_back(
      {"cgroup_pids", std::make_unique<PidsReader>(inventory, files, activity, options)});
  made.readers.push_back(
      {"cgroup_pressure", std::make_unique<PressureReader>(inventory, files, options)});
  if (!options.cpu_each.empty())
    made.readers.push_back(
        {"cgroup_cpu_each", std::make_unique<CpuEachReader>(host, inventory, files, options)});
  if (!options.memory_stat.empty())
    made.readers.push_back(
        {"cgroup_memory_stat", std::make_unique<MemoryStatReader>(inventory, files, options)});
  if (options.blkio_files)
    made.readers.push_back(
        {"cgroup_blkio", std::make_unique<BlkioReader>(host, inventory, files, activity, options)});
  return made;
}

}  // namespace hostmeter::source::cgroup
