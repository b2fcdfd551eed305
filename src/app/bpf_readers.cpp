#include "app/bpf_readers.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "app/rights.hpp"
#include "source/bpf/blkio_reader.hpp"
#include "source/bpf/kernel_support.hpp"
#include "source/bpf/run_queue_reader.hpp"

namespace hostmeter::app {
namespace {

bool is_on(const config::Settings& settings, std::string_view reader) {
  const std::vector<std::string>& disabled = settings.collect.disable;
  return std::find(disabled.begin(), disabled.end(), reader) == disabled.end();
}

// The ladder for block I/O: BPF at completion, which knows latencies, too; BPF at issue; else the
// kernel's files, which on v1 count only once some throttling limit was set on the disk.
void make_blkio(const config::Settings& settings, source::Host& host, Readers& made,
                source::bpf::Options options, BpfReaders& bpf) {
  const auto hierarchy = made.cgroup.hierarchies->of(source::cgroup::Controller::blkio);
  if (!hierarchy || !settings.bpf.blkio) return;
  options.blkio_latency = settings.bpf.blkio_latency && is_on(settings, kBlkioLatency);
  if (!is_on(settings, kBlkio)) {
    if (options.blkio_latency)
      made.remarks.push_back({.reader = std::string(kBlkioLatency),
                              .what = "latencies of block I/O are absent: they come only with its "
                                      "counts, which are switched off",
                              .mend = "take cgroup_blkio out of disable in [collect], or name "
                                      "cgroup_blkio_latency there, too"});
    return;
  }
  auto reader = source::bpf::make_blkio_reader(host, *made.tree, *hierarchy, options);
  if (!reader && options.blkio_latency) {
    const Error why = reader.error();
    options.blkio_latency = false;
    reader = source::bpf::make_blkio_reader(host, *made.tree, *hierarchy, options);
    std::string what = "latencies of block I/O are absent";
    if (reader) what += ", and it is counted when it is issued";
    made.remarks.push_back(without_bpf(kBlkioLatency, what, why));
  }
  if (!reader) {
    made.remarks.push_back(without_bpf(
        kBlkio, "block I/O is read from cgroup files, not counted by BPF", reader.error()));
    return;
  }
  made.blkio = reader->get();
  if (options.blkio_latency)
    bpf.blkio_latency = std::make_unique<source::bpf::BlkioLatencyReader>(**reader);
  bpf.blkio = std::move(*reader);
}

void make_run_queue(const config::Settings& settings, source::Host& host, Readers& made,
                    const source::bpf::Options& options, BpfReaders& bpf) {
  if (!made.cgroup.hierarchies->of(source::cgroup::Controller::cpu) || !settings.bpf.run_queue ||
      !is_on(settings, kRunQueue))
    return;
  auto reader =
      source::bpf::make_run_queue_reader(host, *made.tree, *made.cgroup.hierarchies, options);
  if (reader)
    bpf.run_queue = std::move(*reader);
  else
    made.remarks.push_back(without_bpf(kRunQueue, "waits for a CPU are absent", reader.error()));
}

}  // namespace

Remark partly_seen(std::string_view disk) {
  return {.reader = std::string(kBlkio),
          .what = "some block I/O of " + std::string(disk) +
                  " is in no container's figures: the kernel ran no BPF program when it completed, "
                  "or there was no room (hostmeter_blkio_unseen_bytes_total, "
                  "hostmeter_bpf_dropped_total)",
          .mend =
              "set blkio_latency = false in [bpf], which counts it when it is issued, or raise "
              "map_entries there if there was no room"};
}

BpfReaders make_bpf_readers(const config::Settings& settings, source::Host& host, Readers& made) {
  BpfReaders bpf;
  if (!settings.bpf.enabled || !host.live) return bpf;
  source::bpf::Options options;
  options.max_entries = std::uint32_t(settings.bpf.map_entries);
  options.direct_rows = std::uint32_t(settings.bpf.blkio_direct_rows);
  options.run_queue_threshold_ns = settings.bpf.run_queue_threshold_ns;
  options.log = [](std::string_view line) { spdlog::debug("libbpf: {}", line); };
  make_blkio(settings, host, made, options, bpf);
  make_run_queue(settings, host, made, options, bpf);
  return bpf;
}

}  // namespace hostmeter::app
