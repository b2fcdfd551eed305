#include "source/bpf/run_queue_object.hpp"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include <algorithm>
#include <optional>

#include "run_queue.skel.h"
#include "source/bpf/code_constant.hpp"
#include "source/bpf/kernel_support.hpp"
#include "source/bpf/latency_support.hpp"
#include "source/bpf/libbpf_log.hpp"

namespace hostmeter::source::bpf {
namespace {

constexpr std::uint32_t kFewestSlots = 64;
constexpr std::uint64_t kLongestThresholdNs = 1'000'000'000;

std::uint32_t affordable_slots(const Options& options, unsigned cpus) {
  const std::size_t affordable = options.run_queue_max_bytes / (sizeof(wire_run_queue) * cpus);
  return std::uint32_t(std::clamp<std::size_t>(
      affordable, kFewestSlots, std::max<std::size_t>(options.run_queue_slots, kFewestSlots)));
}

}  // namespace

void RunQueueObject::Destroy::operator()(run_queue* skeleton) const {
  run_queue__destroy(skeleton);
}

Result<std::unique_ptr<RunQueueObject>> RunQueueObject::load(const Host& host,
                                                             RunQueueController controller,
                                                             const Options& options) {
  if (!host.live) return Error{EOPNOTSUPP, "a recorded host has no kernel to count in"};
  const LibbpfLog log(options.log);
  if (const auto lacking = run_queue_lacks(host)) return *lacking;
  const int found = libbpf_num_possible_cpus();
  if (found <= 0) return Error{-found, "count the possible CPUs"};
  const auto cpus = unsigned(found);

  std::optional<LoadRights> rights;
  rights.emplace();
  Skeleton skeleton(run_queue__open());
  if (!skeleton) return Error{errno, "open the BPF object"};
  const std::uint32_t slots = affordable_slots(options, cpus);
  const std::uint32_t marks = slots / WIRE_RUN_QUEUE_MARKS + 1;
  bpf_map__set_max_entries(skeleton->maps.run_queue_rows, slots * cpus);
  bpf_map__set_max_entries(skeleton->maps.run_queue_grown, marks);
  bpf_map__set_max_entries(skeleton->maps.run_queue_ancestors, slots);
  skeleton->rodata->slots = slots;
  skeleton->rodata->cpus = cpus;
  skeleton->rodata->by_pids = controller == RunQueueController::pids;
  if (!set_code_constant(skeleton->progs.switched, WIRE_WAIT_THRESHOLD_NS,
                         std::uint32_t(std::min<std::uint64_t>(options.run_queue_threshold_ns,
                                                               kLongestThresholdNs))))
    return Error{EINVAL, "set the threshold of a BPF program"};
  if (const int failure = run_queue__load(skeleton.get())) return load_refused(-failure, host.sys);

  constexpr int kBoth = PROT_READ | PROT_WRITE;
  Mapped mapped{{bpf_map__fd(skeleton->maps.run_queue_rows), std::size_t{slots} * cpus, kBoth},
                {bpf_map__fd(skeleton->maps.run_queue_grown), marks, kBoth}};
  if (!mapped.rows || !mapped.marks) return Error{errno, "map the rows of a BPF map"};
  if (const int failure = run_queue__attach(skeleton.get()))
    return Error{-failure, "the kernel did not attach a program to sched_switch"};
  return std::unique_ptr<RunQueueObject>(
      new RunQueueObject(std::move(skeleton), std::move(mapped), cpus));
}

RunQueueObject::RunQueueObject(Skeleton skeleton, Mapped mapped, unsigned cpus)
    : skeleton_(std::move(skeleton)),
      mapped_(std::move(mapped)),
      rows_(mapped_.rows.values(), mapped_.marks.values(), cpus),
      misses_({bpf_program__fd(skeleton_->progs.switched)}) {}

RunQueueObject::~RunQueueObject() = default;

wire_ancestors RunQueueObject::ancestors(std::uint64_t cgroup_id) {
  wire_ancestors above{};
  const int map = bpf_map__fd(skeleton_->maps.run_queue_ancestors);
  if (rights_.run([&] { return bpf_map_lookup_elem(map, &cgroup_id, &above); }) != 0) return {};
  return above;
}

bool RunQueueObject::erase(const RunQueueKey& key) {
  rows_.release(key);
  return true;
}

void RunQueueObject::erase_ancestors(std::uint64_t cgroup_id) {
  const int map = bpf_map__fd(skeleton_->maps.run_queue_ancestors);
  rights_.run([&] { return bpf_map_delete_elem(map, &cgroup_id); });
}

MapHealth RunQueueObject::health() {
  const std::uint64_t overwritten =
      __atomic_load_n(&skeleton_->bss->run_queue_overwritten, __ATOMIC_RELAXED);
  return {.max_entries = rows_.slots(),
          .dropped = overwritten + rows_.beyond(),
          .recursion_misses = misses_.look(rights_),
          .max_ancestors = rows_.slots()};
}

}  // namespace hostmeter::source::bpf
