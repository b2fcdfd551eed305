// bpf/run_queue.bpf.c in the kernel.
#pragma once
#include <memory>

#include "source/bpf/mapped_array.hpp"
#include "source/bpf/options.hpp"
#include "source/bpf/programs.hpp"
#include "source/bpf/rights.hpp"
#include "source/bpf/run_queue_rows.hpp"
#include "source/host.hpp"

struct run_queue;  // the skeleton that bpftool made

namespace hostmeter::source::bpf {

// Which css a task is known by. Its cgroup is the nearest one in which that controller is on.
enum class RunQueueController : std::uint8_t { cpu, pids };

// Timing ends when it is destroyed.
class RunQueueObject final : public RunQueueTable {
 public:
  static Result<std::unique_ptr<RunQueueObject>> load(const Host&, RunQueueController,
                                                      const Options&);
  ~RunQueueObject() override;

  Result<std::span<const RunQueueRow>> rows() override { return rows_.read(); }
  Result<std::span<const RunQueueRow>> grown() override { return rows_.read_grown(); }
  Result<std::optional<wire_latency>> row(const RunQueueKey& key) override {
    return rows_.find(key);
  }
  wire_ancestors ancestors(std::uint64_t cgroup_id) override;
  bool erase(const RunQueueKey& key) override;
  void erase_ancestors(std::uint64_t cgroup_id) override;
  MapHealth health() override;

 private:
  struct Destroy {
    void operator()(run_queue*) const;
  };
  using Skeleton = std::unique_ptr<run_queue, Destroy>;

  // What the kernel shares of its maps.
  struct Mapped {
    MappedArray<wire_run_queue> rows;
    MappedArray<wire_run_queue_marks> marks;
  };

  RunQueueObject(Skeleton, Mapped, unsigned cpus);

  Skeleton skeleton_;
  Mapped mapped_;
  RunQueueRows rows_;
  UseRights rights_;
  RecursionMisses misses_;
};

}  // namespace hostmeter::source::bpf
