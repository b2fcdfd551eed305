// The agent from kernel files to snapshot, on one thread: readers, sampler, rings, pump, store.
#pragma once
#include <algorithm>
#include <stdexcept>
#include <string>
#include <vector>

#include "app/channel.hpp"
#include "app/paths.hpp"
#include "app/pump.hpp"
#include "app/readers.hpp"
#include "app/sampler.hpp"
#include "base/clock.hpp"
#include "collect/all.hpp"
#include "contract/standard.hpp"
#include "store/snapshot.hpp"

namespace hostmeter::bench {

// app::Pipeline without its threads, so that what each half costs can be told apart. Without BPF
// every figure comes from a file; with it cgroups are walked, and their block I/O is counted.
class AgentParts {
 public:
  enum class Which { all_readers, cgroup_readers };

  explicit AgentParts(Which which, bool with_bpf = false)
      : settings_(settings(which, with_bpf)),
        host_(open(clock_)),
        readers_(app::make_readers(settings_, host_)),
        channel_("sampler", settings_.limits.record_ring, settings_.limits.news_ring),
        out_(channel_, bell_, clock_, kLongestWaitNs),
        pump_({&channel_}, collect::all(),
              {.max_series = settings_.limits.series, .labels = settings_.labels}, snapshots_,
              {&contract_}),
        sampler_(std::move(readers_.all), out_, host_.instances, clock_,
                 settings_.collect.interval_ns, [] {}) {}

  void sample() {
    if (!sampler_.tick(clock_.realtime_ns())) throw std::runtime_error("a tick was abandoned");
  }
  void pump() { pump_.drain(); }

  std::vector<app::ReaderState> reader_states() const { return sampler_.reader_states(); }
  const base::SystemClock& clock() const { return clock_; }
  store::SnapshotPool& snapshots() { return snapshots_; }
  const contract::Contract& contract() const { return contract_; }
  std::size_t cgroups() const {
    const auto slots = readers_.tree->slots();
    return std::size_t(
        std::count_if(slots.begin(), slots.end(), [](const auto* one) { return one != nullptr; }));
  }

 private:
  static constexpr std::uint64_t kLongestWaitNs = 200'000'000;

  static config::Settings settings(Which which, bool with_bpf) {
    config::Settings settings;
    settings.bpf.enabled = with_bpf;
    settings.limits.record_ring = 1U << 18;  // the pump cannot help while the sampler runs
    settings.limits.news_ring = 1U << 18;
    if (which == Which::all_readers) return settings;
    for (const std::string_view name : app::reader_names())
      if (!name.starts_with("cgroup_")) settings.collect.disable.emplace_back(name);
    return settings;
  }
  static source::Host open(const Clock& clock) {
    source::Host host;
    host.clock = &clock;
    if (const std::string why = app::open_host({}, host); !why.empty())
      throw std::runtime_error(why);
    return host;
  }

  const base::SystemClock clock_;
  config::Settings settings_;
  source::Host host_;
  app::Readers readers_;
  store::SnapshotPool snapshots_{1};
  contract::Standard contract_;
  app::Channel channel_;
  app::Doorbell bell_;
  app::RingOutput out_;
  app::Pump pump_;
  app::Sampler sampler_;
};

}  // namespace hostmeter::bench
