#include "app/bpf_readers.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "app/rights.hpp"
#include "source/bpf/blkio_latency_reader.hpp"
#include "source/bpf/blkio_reader.hpp"
#include "source/bpf/kernel_support.hpp"
#include "source/bpf/run_queue_reader.hpp"

namespace hostmeter::app {
namespace {

bool is_on(const config::Settings& settings, std::string_view reader) {
  const std::vector<std::string>& disabled = settings.collect.disable;
  return std::find(disabled.begin(), disabled.end(), reader) == disabled.end();
}

// The ladder for block I/O: BPF, else the kernel's files, which on v1 count only once some
// throttling limit was set on the disk. Latencies come only with counts beside them, which tell how
// many completions were not seen.
void make_blkio(const config::Settings& settings, source::Host& host, Readers& made,
                const source::bpf::Options& options, BpfReaders& bpf) {
  const auto hierarchy = made.cgroup.hierarchies->of(source::cgroup::Controller::blkio);
  if (!hierarchy || !settings.bpf.blkio) return;
  if (!is_on(settings, kBlkio)) {
    if (settings.bpf.blkio_latency && is_on(settings, kBlkioLatency))
      made.remarks.push_back({.reader = std::string(kBlkioLatency),
                              .what = "latencies of block I/O are absent: they come only with its "
                                      "counts, which are switched off",
                              .mend = "take cgroup_blkio out of disable in [collect], or name "
                                      "cgroup_blkio_latency there, too"});
    return;
  }
  auto counts = source::bpf::make_blkio_reader(host, *made.tree, *hierarchy, options);
  if (!counts) {
    made.remarks.push_back(without_bpf(
        kBlkio, "block I/O is read from cgroup files, not counted by BPF", counts.error()));
    if (settings.bpf.blkio_latency && is_on(settings, kBlkioLatency))
      made.remarks.push_back(
          without_bpf(kBlkioLatency, "latencies of block I/O are absent", counts.error()));
    return;
  }
  if (settings.bpf.blkio_latency && is_on(settings, kBlkioLatency)) {
    auto latency = source::bpf::make_blkio_latency_reader(host, *made.tree, *hierarchy, options);
    if (latency) {
      (*counts)->compare_with(
          [reader = latency->get()](Subject subject, std::uint32_t dev, unsigned op) {
            return reader->timed(subject, dev, op);
          });
      bpf.blkio_latency = std::move(*latency);
    } else {
      made.remarks.push_back(
          without_bpf(kBlkioLatency, "latencies of block I/O are absent", latency.error()));
    }
  }
  bpf.blkio = std::move(*counts);
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
