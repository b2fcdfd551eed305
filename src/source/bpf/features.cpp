#include "source/bpf/features.hpp"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <unistd.h>

#include <array>

#include "source/bpf/kernel_support.hpp"
#include "source/bpf/kernel_symbols.hpp"
#include "source/bpf/kernel_types.hpp"
#include "source/bpf/libbpf_log.hpp"
#include "source/bpf/rights.hpp"

namespace hostmeter::source::bpf {
namespace {

constexpr Error kRecorded{EOPNOTSUPP, "a recorded host has no kernel to ask"};

// Whether the kernel takes a map from us at all, and if not, why.
std::optional<Error> bpf_refused(const Host& host) {
  if (!base::may(kLoadRights)) return Error{EPERM, "CAP_BPF and CAP_PERFMON are not permitted"};
  const LoadRights rights;
  const int map = bpf_map_create(BPF_MAP_TYPE_ARRAY, "hostmeter_ask", sizeof(std::uint32_t),
                                 sizeof(std::uint64_t), 1, nullptr);
  if (map < 0) return load_refused(-map, host.sys);
  ::close(map);
  return {};
}

std::optional<Error> lacks_map(bpf_map_type type, std::string_view what) {
  const LoadRights rights;
  const int answer = libbpf_probe_bpf_map_type(type, nullptr);
  if (answer > 0) return {};
  return Error{answer < 0 ? -answer : ENOENT, what};
}

struct Types {
  std::string_view name, serves;
  bool (*there)(const KernelTypes&);
  std::string_view lacking, mend;
};

constexpr std::string_view kNewer = "run a newer kernel, or one built as distributions do";

constexpr auto kTypes = std::to_array<Types>({
    {"block tracepoints", "block I/O and its latency by container",
     [](const KernelTypes& types) {
       return (types.has_tracepoint("block_rq_complete") || types.has_issue_tracepoints()) &&
              types.has_member("bio", "bi_blkg");
     },
     "the kernel lacks block tracepoints or CONFIG_BLK_CGROUP", kNewer},
    {"scheduler tracepoints", "run-queue latency; processes started and ended",
     [](const KernelTypes& types) {
       return types.has_tracepoint("sched_switch") && types.has_tracepoint("sched_process_exec") &&
              types.has_member("sched_info", "last_queued");
     },
     "the kernel lacks scheduler tracepoints or CONFIG_SCHED_INFO", kNewer},
    {"cgroup tracepoints", "containers that come and go between two ticks",
     [](const KernelTypes& types) {
       return types.has_tracepoint("cgroup_mkdir") && types.has_tracepoint("cgroup_rmdir");
     },
     "the kernel lacks cgroup tracepoints", kNewer},
    {"OOM tracepoint", "who was killed for want of memory",
     [](const KernelTypes& types) { return types.has_tracepoint("mark_victim"); },
     "the kernel lacks the tracepoint mark_victim", kNewer},
    {"map iterator (5.9)", "the walk, slowest rung",
     [](const KernelTypes& types) { return types.has_struct("bpf_iter__bpf_map_elem"); },
     "the kernel has no iterator over map elements",
     "none needed if a faster rung is there; else run Linux 5.9 or later"},
    {"cgroup iterator (6.1)", "the walk, middle rung",
     [](const KernelTypes& types) { return types.has_struct("bpf_iter__cgroup"); },
     "the kernel has no iterator over cgroups",
     "none needed: a slower rung is taken; Linux 6.1 has it"},
    {"css iterator (6.7)", "the walk, fastest rung",
     [](const KernelTypes& types) {
       return types.has_function("bpf_iter_css_new") && types.has_tracepoint("cgroup_mkdir") &&
              types.has_tracepoint("cgroup_rmdir");
     },
     "the kernel has no open-coded iterator over cgroups, or no cgroup tracepoints",
     "none needed: a slower rung is taken; Linux 6.7 has it"},
    {"flush of counters (6.1)", "figures of the walk as of now, without reading a file",
     [](const KernelTypes& types) {
       // Older kernels have the function, but not for programs: that came with the iterator.
       return types.has_struct("bpf_iter__cgroup") &&
              (types.has_function("css_rstat_flush") || types.has_function("cgroup_rstat_flush"));
     },
     "the kernel lets no program sum up its counters",
     "none needed: files are read to the same end; Linux 6.1 has it"},
    {"memory counters by function (7.x)", "memory.stat from the walk, whatever its layout",
     [](const KernelTypes& types) { return types.has_function("bpf_mem_cgroup_page_state"); },
     "the kernel has no functions that give a program the memory counters",
     "none needed where their layout is known; else files are read"},
});

}  // namespace

std::vector<Feature> features(const Host& host) {
  std::vector<Feature> found;
  const LibbpfLog quiet({});
  const auto types = host.live ? KernelTypes::load() : Result<KernelTypes>(kRecorded);
  const std::optional<Error> no_types = types ? std::nullopt : std::optional(types.error());
  const std::optional<Error> refused = host.live ? bpf_refused(host) : kRecorded;
  const auto add = [&](std::string_view name, std::string_view serves,
                       const std::optional<Error>& lacks) {
    found.push_back({name, serves, lacks, lacks ? mend_of(*lacks) : std::string_view()});
  };
  add("BTF", "every program of ours", no_types);
  add("bpf()", "every program of ours", refused);
  add("reads of kernel memory",
      "memory.stat from the walk, all of the walk before 6.7; containers that come and go",
      refused ? refused : memory_closed(host.sys));
  add("ring buffer (5.8)", "events: containers made and removed, OOM kills",
      refused ? refused : lacks_map(BPF_MAP_TYPE_RINGBUF, "the kernel has no BPF ring buffer"));
  add("kernel addresses",
      "final CPU time of removed cgroups before 5.19; memory.stat from the walk",
      host.live ? addresses_hidden(host.proc) : kRecorded);
  for (const Types& type : kTypes) {
    if (types && !type.there(*types))
      found.push_back({type.name, type.serves, Error{ENOENT, type.lacking}, type.mend});
    else
      add(type.name, type.serves, no_types);
  }
  return found;
}

}  // namespace hostmeter::source::bpf
