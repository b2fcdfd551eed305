#include "source/bpf/blkio_latency_object.hpp"

#include <bpf/libbpf.h>

#include <optional>

#include "blkio_latency.skel.h"
#include "source/bpf/code_constant.hpp"
#include "source/bpf/kernel_support.hpp"
#include "source/bpf/latency_support.hpp"
#include "source/bpf/libbpf_log.hpp"

namespace hostmeter::source::bpf {

void BlkioLatencyObject::Destroy::operator()(blkio_latency* skeleton) const {
  blkio_latency__destroy(skeleton);
}

Result<std::unique_ptr<BlkioLatencyObject>> BlkioLatencyObject::load(const Host& host,
                                                                     const Options& options) {
  if (!host.live) return Error{EOPNOTSUPP, "a recorded host has no kernel to count in"};
  const LibbpfLog log(options.log);
  if (const auto lacking = blkio_latency_lacks()) return *lacking;
  const int cpus = libbpf_num_possible_cpus();
  if (cpus <= 0) return Error{-cpus, "count the possible CPUs"};

  const LoadRights rights;
  Skeleton skeleton(blkio_latency__open());
  if (!skeleton) return Error{errno, "open the BPF object"};
  const auto& maps = skeleton->maps;
  const std::uint32_t rows =
      affordable_rows(options, sizeof(wire_blkio_latency_copy), unsigned(cpus));
  const std::uint32_t direct =
      affordable_direct_rows(options, sizeof(wire_blkio_latency_direct), unsigned(cpus));
  bpf_map__set_max_entries(maps.blkio_latencies, rows);
  bpf_map__set_max_entries(maps.blkio_latency_direct, direct * unsigned(cpus));
  bpf_map__set_max_entries(maps.blkio_latency_ancestors, rows);
  bpf_map__set_max_entries(maps.blkio_latency_touched,
                           touched_bytes(options, rows, unsigned(cpus)));
  if (!set_code_constant(skeleton->progs.completed, WIRE_DIRECT_ROWS, direct))
    return Error{EINVAL, "set the number of direct rows in a BPF program"};
  if (const int failure = blkio_latency__load(skeleton.get()))
    return load_refused(-failure, host.sys);
  if (const int failure = blkio_latency__attach(skeleton.get()))
    return Error{-failure, "the kernel did not attach a program to its block tracepoint"};
  HashMaps kernel{bpf_map__fd(maps.blkio_latencies),
                  bpf_map__fd(maps.blkio_latency_ancestors),
                  unsigned(cpus),
                  rows,
                  &skeleton->bss->blkio_latency_dropped,
                  {bpf_program__fd(skeleton->progs.completed)},
                  bpf_map__fd(maps.blkio_latency_touched),
                  &skeleton->data->blkio_latency_touches,
                  bpf_map__fd(maps.blkio_latency_direct),
                  direct};
  std::unique_ptr<BlkioLatencyObject> object(
      new BlkioLatencyObject(std::move(skeleton), std::move(kernel)));
  static_assert(sizeof(Direct) == sizeof(wire_blkio_latency_direct));
  static_assert(sizeof(Copy) == sizeof(wire_blkio_latency_copy));
  if (!object->usable()) return Error{errno, "map what BPF programs write"};
  return object;
}

BlkioLatencyObject::BlkioLatencyObject(Skeleton skeleton, HashMaps maps)
    : HashCounts(std::move(maps)), skeleton_(std::move(skeleton)) {}

BlkioLatencyObject::~BlkioLatencyObject() = default;

}  // namespace hostmeter::source::bpf
