// How long the tasks of every cgroup waited for a CPU, from bpf/run_queue.bpf.c.
#pragma once
#include <memory>

#include "source/bpf/map_report.hpp"
#include "source/bpf/options.hpp"
#include "source/bpf/run_queue.hpp"
#include "source/bpf/tree_counts.hpp"
#include "source/cgroup/hierarchies.hpp"
#include "source/host.hpp"
#include "source/reader.hpp"

namespace hostmeter::source::bpf {

class RunQueueReader final : public Reader {
 public:
  // threshold_ns: the table's; 0: it has all waits.
  RunQueueReader(Host&, const cgroup::Inventory&, std::size_t hierarchy, std::uint64_t threshold_ns,
                 std::unique_ptr<RunQueueTable>);

  void read(const Tick&, Output&) override;
  Mode mode() const override { return Mode::bpf; }

 private:
  TreeCounts<RunQueueCounting> counts_;
  MapReport maps_;
  std::uint64_t threshold_ns_;
};

// Loads and attaches the program, with room for twice the cgroups of now and 1,024 more. Tasks are
// known by the cpu controller's cgroups; on v2 by those of pids where that is on, because managers
// switch it on for more of them.
Result<std::unique_ptr<RunQueueReader>> make_run_queue_reader(Host&, const cgroup::Inventory&,
                                                              const cgroup::Hierarchies&, Options);

// The number of cgroups that /proc/cgroups says a controller has; 0 when it does not know it.
std::uint64_t cgroups_of(std::string_view proc_cgroups, std::string_view controller);

}  // namespace hostmeter::source::bpf
