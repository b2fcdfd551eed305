#include "source/bpf/blkio_object.hpp"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include <algorithm>
#include <optional>

#include "blkio.skel.h"
#include "source/bpf/kernel_support.hpp"
#include "source/bpf/libbpf_log.hpp"

namespace hostmeter::source::bpf {
namespace {

constexpr std::uint32_t kBatch = 512, kLargestBatch = 1U << 16;
constexpr std::uint32_t kFewestEntries = 64;

std::uint32_t bounded_entries(const Options& options, unsigned cpus) {
  const std::size_t affordable = options.max_bytes / (sizeof(wire_blkio) * cpus);
  return std::uint32_t(std::max<std::size_t>(
      kFewestEntries, std::min<std::size_t>(options.max_entries, affordable)));
}

// In the order of BlkioObject::program_fds_.
using Programs = std::array<bpf_program*, 3>;

// Of the two forms of each program, the one that has this kernel's parameters.
Programs choose_programs(blkio& skeleton) {
  auto& all = skeleton.progs;
  const auto choose = [](const char* tracepoint, bpf_program* old, bpf_program* current) {
    const bool is_old = takes_queue(tracepoint);
    bpf_program__set_autoload(is_old ? current : old, false);
    return is_old ? old : current;
  };
  return {choose("block_rq_issue", all.issued_old, all.issued),
          choose("block_rq_requeue", all.requeued_old, all.requeued),
          choose("block_getrq", all.got_request_old, all.got_request)};
}

}  // namespace

void BlkioObject::Destroy::operator()(blkio* skeleton) const {
  blkio__destroy(skeleton);
}

Result<std::unique_ptr<BlkioObject>> BlkioObject::load(const Host& host, const Options& options) {
  if (!host.live) return Error{EOPNOTSUPP, "a recorded host has no kernel to count in"};
  const LibbpfLog log(options.log);
  if (const auto lacking = blkio_lacks()) return *lacking;
  const int cpus = libbpf_num_possible_cpus();
  if (cpus <= 0) return Error{-cpus, "count the possible CPUs"};

  std::optional<LoadRights> rights;
  rights.emplace();
  Skeleton skeleton(blkio__open());
  if (!skeleton) return Error{errno, "open the BPF object"};
  const std::uint32_t max_entries = bounded_entries(options, unsigned(cpus));
  bpf_map__set_max_entries(skeleton->maps.blkio_counts, max_entries);
  bpf_map__set_max_entries(skeleton->maps.blkio_ancestors, max_entries);
  const Programs programs = choose_programs(*skeleton);
  if (const int failure = blkio__load(skeleton.get())) return load_refused(-failure, host.sys);
  if (const int failure = blkio__attach(skeleton.get()))
    return Error{-failure, "the kernel did not attach a program to its block tracepoint"};
  std::array<int, 3> program_fds{};
  std::ranges::transform(programs, program_fds.begin(), bpf_program__fd);
  std::unique_ptr<BlkioObject> object(
      new BlkioObject(std::move(skeleton), unsigned(cpus), max_entries, program_fds));
  rights.reset();
  if (options.rights_end && object->rows() && object->rights_.needed()) return kRightsEnd;
  return object;
}

BlkioObject::BlkioObject(Skeleton skeleton, unsigned cpus, std::uint32_t max_entries,
                         const std::array<int, 3>& program_fds)
    : skeleton_(std::move(skeleton)),
      cpus_(cpus),
      max_entries_(max_entries),
      counts_fd_(bpf_map__fd(skeleton_->maps.blkio_counts)),
      ancestors_fd_(bpf_map__fd(skeleton_->maps.blkio_ancestors)),
      program_fds_(program_fds),
      keys_(kBatch),
      values_(std::size_t{kBatch} * cpus) {}

BlkioObject::~BlkioObject() = default;

Result<std::span<const BlkioRow>> BlkioObject::rows() {
  for (;;) {
    const int failure =
        rights_.run([this] { return has_batches_ ? read_batches() : read_one_by_one(); });
    if (failure == 0) return std::span<const BlkioRow>(rows_);
    if (!has_batches_ || failure == -EPERM || failure == -ENOMEM)
      return Error{-failure, "read a BPF map"};
    has_batches_ = false;  // before 5.6
  }
}

int BlkioObject::read_batches() {
  rows_.clear();
  std::uint32_t reached = 0;
  void* position = nullptr;
  for (;;) {
    std::uint32_t count = std::uint32_t(keys_.size());
    std::uint32_t next = 0;
    const int failure = bpf_map_lookup_batch(counts_fd_, position, &next, keys_.data(),
                                             values_.data(), &count, nullptr);
    if (failure == -ENOSPC && keys_.size() < kLargestBatch) {  // one hash bucket holds more
      keys_.resize(keys_.size() * 2);
      values_.resize(values_.size() * 2);
      continue;
    }
    if (failure != 0 && failure != -ENOENT) return failure;
    keep(count);
    if (failure == -ENOENT) return 0;
    reached = next;
    position = &reached;
  }
}

// Nobody but us takes rows away, so that the order stands still meanwhile.
int BlkioObject::read_one_by_one() {
  rows_.clear();
  wire_blkio_key before{};
  const void* position = nullptr;
  while (rows_.size() < max_entries_) {
    const int failure = bpf_map_get_next_key(counts_fd_, position, keys_.data());
    if (failure == -ENOENT) return 0;
    if (failure != 0) return failure;
    before = keys_.front();
    position = &before;
    if (bpf_map_lookup_elem(counts_fd_, &before, values_.data()) == 0) keep(1);
  }
  return 0;
}

void BlkioObject::keep(std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) rows_.push_back({keys_[i], sum(i)});
}

wire_blkio BlkioObject::sum(std::size_t index) const {
  wire_blkio sum{};
  for (unsigned cpu = 0; cpu < cpus_; ++cpu) {
    sum.bytes += values_[index * cpus_ + cpu].bytes;
    sum.ops += values_[index * cpus_ + cpu].ops;
  }
  return sum;
}

std::optional<wire_blkio> BlkioObject::row(const wire_blkio_key& key) {
  const int failure =
      rights_.run([&] { return bpf_map_lookup_elem(counts_fd_, &key, values_.data()); });
  if (failure != 0) return {};
  return sum(0);
}

wire_blkio_ancestors BlkioObject::ancestors(std::uint64_t cgroup_id) {
  wire_blkio_ancestors above{};
  const int failure =
      rights_.run([&] { return bpf_map_lookup_elem(ancestors_fd_, &cgroup_id, &above); });
  if (failure != 0) return {};
  return above;
}

bool BlkioObject::erase(const wire_blkio_key& key) {
  const int failure = rights_.run([&] { return bpf_map_delete_elem(counts_fd_, &key); });
  return failure == 0 || failure == -ENOENT;
}

void BlkioObject::erase_ancestors(std::uint64_t cgroup_id) {
  rights_.run([&] { return bpf_map_delete_elem(ancestors_fd_, &cgroup_id); });
}

MapHealth BlkioObject::health() {
  return {rows_.size(), max_entries_,
          __atomic_load_n(&skeleton_->bss->blkio_dropped, __ATOMIC_RELAXED), recursion_misses()};
}

std::optional<std::uint64_t> BlkioObject::recursion_misses() {
  std::uint64_t misses = 0;
  for (const int program : program_fds_) {
    bpf_prog_info info{};
    std::uint32_t length = sizeof info;
    // An older kernel fills in less and says how much.
    constexpr std::size_t kEnd = offsetof(bpf_prog_info, recursion_misses) + sizeof(__u64);
    const int failure =
        rights_.run([&] { return bpf_obj_get_info_by_fd(program, &info, &length); });
    if (failure != 0 || length < kEnd) return {};
    misses += info.recursion_misses;
  }
  return misses;
}

}  // namespace hostmeter::source::bpf
