#include "source/bpf/blkio_object.hpp"

#include <bpf/libbpf.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "blkio.skel.h"
#include "source/bpf/code_constant.hpp"
#include "source/bpf/kernel_support.hpp"
#include "source/bpf/latency_support.hpp"
#include "source/bpf/libbpf_log.hpp"

namespace hostmeter::source::bpf {
namespace {

// Of the two hooks the one that is wanted; of the two forms of a program that which has this
// kernel's parameters.
std::vector<bpf_program*> choose_programs(blkio& skeleton, bool timed) {
  auto& all = skeleton.progs;
  std::vector<bpf_program*> chosen;
  if (timed)
    chosen = {all.completed};
  else
    chosen = {takes_queue("block_rq_issue") ? all.issued_old : all.issued,
              takes_queue("block_rq_requeue") ? all.requeued_old : all.requeued};
  for (bpf_program* const program :
       {all.completed, all.issued, all.issued_old, all.requeued, all.requeued_old})
    bpf_program__set_autoload(program, std::ranges::count(chosen, program) != 0);
  return chosen;
}

}  // namespace

void BlkioObject::Destroy::operator()(blkio* skeleton) const {
  blkio__destroy(skeleton);
}

Result<std::unique_ptr<BlkioObject>> BlkioObject::load(const Host& host, const Options& options) {
  if (!host.live) return Error{EOPNOTSUPP, "a recorded host has no kernel to count in"};
  const LibbpfLog log(options.log);
  if (const auto lacking = options.blkio_latency ? blkio_completion_lacks() : blkio_issue_lacks())
    return *lacking;
  const int cpus = libbpf_num_possible_cpus();
  if (cpus <= 0) return Error{-cpus, "count the possible CPUs"};

  const LoadRights rights;
  Skeleton skeleton(blkio__open());
  if (!skeleton) return Error{errno, "open the BPF object"};
  const auto& maps = skeleton->maps;
  const std::uint32_t rows = affordable_rows(options, sizeof(wire_blkio_copy), unsigned(cpus));
  const std::uint32_t direct =
      affordable_direct_rows(options, sizeof(wire_blkio_direct), unsigned(cpus));
  bpf_map__set_max_entries(maps.blkio_rows, rows);
  bpf_map__set_max_entries(maps.blkio_direct, direct * unsigned(cpus));
  bpf_map__set_max_entries(maps.blkio_ancestors, rows);
  bpf_map__set_max_entries(maps.blkio_touched, touched_bytes(options, rows, unsigned(cpus)));
  const std::vector<bpf_program*> programs = choose_programs(*skeleton, options.blkio_latency);
  for (bpf_program* const program : programs)
    if (!set_code_constant(program, WIRE_DIRECT_ROWS, direct))
      return Error{EINVAL, "set the number of direct rows in a BPF program"};
  if (const int failure = blkio__load(skeleton.get())) return load_refused(-failure, host.sys);
  if (const int failure = blkio__attach(skeleton.get()))
    return Error{-failure, "the kernel did not attach a program to its block tracepoint"};
  HashMaps kernel{bpf_map__fd(maps.blkio_rows),
                  bpf_map__fd(maps.blkio_ancestors),
                  unsigned(cpus),
                  rows,
                  &skeleton->bss->blkio_dropped,
                  {},
                  bpf_map__fd(maps.blkio_touched),
                  &skeleton->data->blkio_touches,
                  bpf_map__fd(maps.blkio_direct),
                  direct};
  for (const bpf_program* program : programs) kernel.programs.push_back(bpf_program__fd(program));
  std::unique_ptr<BlkioObject> object(new BlkioObject(std::move(skeleton), std::move(kernel)));
  static_assert(sizeof(Direct) == sizeof(wire_blkio_direct));
  static_assert(sizeof(Copy) == sizeof(wire_blkio_copy));
  if (!object->usable()) return Error{errno, "map what BPF programs write"};
  return object;
}

BlkioObject::BlkioObject(Skeleton skeleton, HashMaps maps)
    : HashCounts(std::move(maps)), skeleton_(std::move(skeleton)) {}

BlkioObject::~BlkioObject() = default;

}  // namespace hostmeter::source::bpf
