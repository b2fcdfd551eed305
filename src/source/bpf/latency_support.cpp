#include "source/bpf/latency_support.hpp"

#include <string_view>

#include "base/kernel_file.hpp"
#include "source/bpf/kernel_types.hpp"
#include "source/bpf/rights.hpp"

namespace hostmeter::source::bpf {
namespace {

std::optional<Error> rights_lack() {
  if (base::may(kLoadRights)) return {};
  return Error{EPERM, "needs CAP_BPF and CAP_PERFMON, or CAP_SYS_ADMIN"};
}

// With SCHEDSTATS off some kernels note a task's waits only when told to, and then say so: all 0.
bool notes_waits(const Host& host) {
  base::Buffer buffer(256);
  const auto text = base::read_once(host.proc.fd(), "self/schedstat", buffer);
  return text && !text->starts_with("0 0 0");
}

}  // namespace

std::optional<Error> blkio_completion_lacks() {
  const auto types = KernelTypes::load();
  if (!types) return types.error();
  if (!types->has_tracepoint("block_rq_complete"))
    return Error{ENOENT, "the kernel lacks block_rq_complete"};
  if (!types->enumerator("bpf_map_type", "BPF_MAP_TYPE_RINGBUF"))
    return Error{ENOENT, "the kernel has no BPF ring buffer"};
  if (!types->has_member("request", "io_start_time_ns") ||
      !types->has_member("request", "start_time_ns"))
    return Error{ENOENT, "the kernel does not note when a block request began"};
  if (!types->has_member("bio", "bi_blkg"))
    return Error{ENOENT, "the kernel does not know a block request's cgroup (CONFIG_BLK_CGROUP)"};
  return rights_lack();
}

std::optional<Error> run_queue_lacks(const Host& host) {
  const auto types = KernelTypes::load();
  if (!types) return types.error();
  if (!types->has_tracepoint("sched_switch")) return Error{ENOENT, "the kernel lacks sched_switch"};
  if (!types->has_member("sched_info", "last_queued") ||
      !types->has_member("task_struct", "sched_info") || !notes_waits(host))
    return Error{ENOENT, "the kernel does not note when a task was queued (CONFIG_SCHED_INFO)"};
  if (!types->has_member("cfs_rq", "rq") || !types->has_member("sched_entity", "cfs_rq"))
    return Error{ENOENT, "the scheduler's clock is out of reach (CONFIG_FAIR_GROUP_SCHED)"};
  return rights_lack();
}

}  // namespace hostmeter::source::bpf
