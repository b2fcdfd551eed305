#include "source/bpf/life_object.hpp"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "life.skel.h"
#include "source/bpf/kernel_memory.hpp"
#include "source/bpf/kernel_support.hpp"
#include "source/bpf/kernel_symbols.hpp"
#include "source/bpf/kernel_types.hpp"
#include "source/bpf/libbpf_log.hpp"
#include "source/bpf/map_batches.hpp"

namespace hostmeter::source::bpf {
namespace {

constexpr std::uint64_t kSecond = 1'000'000'000;
constexpr std::size_t kBatch = 512;
constexpr std::size_t kEventHead = 8;  // what the ring buffer puts before each event

// How many ahead of its rate a ration may be.
constexpr std::uint64_t kBurst = 2;

std::optional<Error> lacks(const KernelTypes& types) {
  for (const char* tracepoint :
       {"cgroup_mkdir", "cgroup_rmdir", "sched_process_exec", "sched_process_exit", "mark_victim"})
    if (!types.has_tracepoint(tracepoint))
      return Error{ENOENT, "the kernel lacks tracepoints of cgroups, processes or OOM kills"};
  if (!types.enumerator("bpf_map_type", "BPF_MAP_TYPE_RINGBUF"))
    return Error{ENOENT, "the kernel has no BPF ring buffer"};
  if (!base::may(kLoadRights))
    return Error{EPERM, "needs CAP_BPF and CAP_PERFMON, or CAP_SYS_ADMIN"};
  return {};
}

// Of the two forms of a program, the one that has this kernel's parameters.
void choose_programs(life& skeleton, const KernelTypes& types) {
  auto& all = skeleton.progs;
  const auto choose = [&](const char* tracepoint, bpf_program* few, bpf_program* more) {
    const bool has_more = types.tracepoint_arguments(tracepoint) > 1U;
    bpf_program__set_autoload(has_more ? few : more, false);
    return has_more;
  };
  choose("sched_process_exit", all.exited_old, all.exited);
  if (choose("mark_victim", all.victim_old, all.victim)) {
    bpf_program__set_autoload(all.signalled, false);
    bpf_map__set_autocreate(skeleton.maps.life_signalled, false);
  }
  const bool is_new = types.has_struct("cgroup_rstat_base_cpu");
  bpf_program__set_autoload(is_new ? all.removed_old : all.removed, false);
}

// What each CPU counts is found by these; why not, if they are not to be had.
std::optional<Error> set_per_cpu_offsets(life& skeleton, const KernelTypes& types,
                                         const Host& host) {
  auto& set = *skeleton.rodata;
  auto memory = KernelMemory::load(types, host.sys);
  if (!memory) return memory.error();
  const std::vector<std::uint64_t> offsets = memory->per_cpu_offsets(host.proc);
  if (offsets.empty()) {
    if (const auto hidden = addresses_hidden(host.proc)) return hidden;
    return Error{ENOENT, "the kernel does not tell where the counters of each CPU are"};
  }
  if (offsets.size() > std::size(set.life_percpu_offset))
    return Error{E2BIG, "there are more CPUs than the program knows"};
  std::ranges::copy(offsets, set.life_percpu_offset);
  set.life_cpus = std::uint32_t(offsets.size());
  return {};
}

void set_up(life& skeleton, const KernelTypes& types, std::span<const std::uint32_t> hierarchies,
            std::size_t counted, const LifeOptions& options) {
  auto& set = *skeleton.rodata;
  std::ranges::copy(hierarchies, set.life_hierarchies);
  set.life_hierarchy_count = std::uint32_t(hierarchies.size());
  set.life_counted = hierarchies[counted];
  set.life_counts_in_v1 = hierarchies[counted] != 0;
  set.life_page_bytes = std::uint32_t(::sysconf(_SC_PAGESIZE));
  set.life_cpuacct_is_split = types.has_struct("cpuacct_usage");
  set.life_rss_is_plain = types.has_struct("mm_rss_stat");
  const std::uint64_t rate = std::max(1U, options.events_per_second);
  set.life_ration_ns = kSecond / rate;
  set.life_ration_burst = (kBurst * rate - 1) * (kSecond / rate);
  bpf_map__set_max_entries(skeleton.maps.life_processes, options.max_entries);
  bpf_map__set_max_entries(skeleton.maps.life_directories, options.max_entries);
  bpf_map__set_max_entries(skeleton.maps.life_events, options.ring_bytes);
}

}  // namespace

void LifeObject::Destroy::operator()(life* skeleton) const {
  life__destroy(skeleton);
}
void LifeObject::Destroy::operator()(ring_buffer* ring) const {
  ring_buffer__free(ring);
}

Result<std::unique_ptr<LifeObject>> LifeObject::load(const Host& host,
                                                     std::span<const std::uint32_t> hierarchies,
                                                     std::size_t counted,
                                                     const LifeOptions& options) {
  if (!host.live) return Error{EOPNOTSUPP, "a recorded host has no kernel to ask"};
  const LibbpfLog log(options.log);
  const auto types = KernelTypes::load();
  if (!types) return types.error();
  if (const auto lacking = lacks(*types)) return *lacking;

  const LoadRights rights;
  std::unique_ptr<life, Destroy> skeleton(life__open());
  if (!skeleton) return Error{errno, "open the BPF object"};
  if (hierarchies.size() > std::size(skeleton->rodata->life_hierarchies))
    return Error{E2BIG, "too many cgroup hierarchies"};
  choose_programs(*skeleton, *types);
  set_up(*skeleton, *types, hierarchies, counted, options);
  const auto lacks_cpu = set_per_cpu_offsets(*skeleton, *types, host);
  if (const int failure = life__load(skeleton.get())) return load_refused(-failure, host.sys);
  std::unique_ptr<LifeObject> object(new LifeObject(std::move(skeleton), options.max_entries));
  object->lacks_cpu_ = lacks_cpu;
  if (!object->ring_) return Error{errno, "map the ring buffer"};
  if (const int failure = life__attach(object->skeleton_.get()))
    return Error{-failure, "the kernel did not attach a program to its tracepoint"};
  return object;
}

LifeObject::LifeObject(std::unique_ptr<life, Destroy> skeleton, std::uint32_t max_entries)
    : skeleton_(std::move(skeleton)),
      ring_(ring_buffer__new(bpf_map__fd(skeleton_->maps.life_events), taken, this, nullptr)),
      max_entries_(max_entries),
      keys_(kBatch),
      values_(kBatch) {}

LifeObject::~LifeObject() = default;

// Whoever makes events as fast as they are taken must not hold the sampler: one filling is enough.
int LifeObject::taken(void* self, void* data, std::size_t size) {
  auto& object = *static_cast<LifeObject*>(self);
  (*object.take_)({static_cast<const std::byte*>(data), size});
  object.bytes_left_ -= std::min(object.bytes_left_, size + kEventHead);
  return object.bytes_left_ == 0 ? -EAGAIN : 0;
}

void LifeObject::drain(const Take& take) {
  take_ = &take;
  bytes_left_ = bpf_map__max_entries(skeleton_->maps.life_events);
  ring_buffer__consume(ring_.get());
}

Result<std::span<const LifeRow>> LifeObject::processes() {
  const int failure = rights_.run([this] { return read_batches(); });
  if (failure != 0) return Error{-failure, "read a BPF map"};
  return std::span<const LifeRow>(rows_);
}

int LifeObject::read_batches() {
  rows_.clear();
  return bpf::read_batches(bpf_map__fd(skeleton_->maps.life_processes), keys_, values_,
                           max_entries_, [this](std::size_t count) {
                             for (std::size_t i = 0; i < count; ++i)
                               rows_.push_back({keys_[i], values_[i]});
                           });
}

LifeHealth LifeObject::health() {
  const auto load = [](const auto& counter) { return __atomic_load_n(&counter, __ATOMIC_RELAXED); };
  const auto& bss = *skeleton_->bss;
  LifeHealth health;
  for (std::size_t kind = 0; kind < WIRE_LIFE_KINDS; ++kind) {
    health.seen[kind] = load(bss.life_seen[kind]);
    health.no_room[kind] = load(bss.life_no_room[kind]);
    health.rationed[kind] = load(bss.life_rationed[kind]);
  }
  health.processes_full = load(bss.life_processes_full);
  health.directories_full = load(bss.life_directories_full);
  health.process_events = load(bss.life_process_events);
  health.max_entries = max_entries_;
  return health;
}

}  // namespace hostmeter::source::bpf
