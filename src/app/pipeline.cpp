#include "app/pipeline.hpp"

#include <spdlog/spdlog.h>
#include <sys/utsname.h>

#include <algorithm>
#include <stdexcept>

#include "app/bpf_readers.hpp"
#include "app/findings.hpp"
#include "app/rights.hpp"
#include "app/settings.hpp"
#include "app/telegraf_options.hpp"
#include "app/walks.hpp"
#include "collect/all.hpp"
#include "contract/standard.hpp"
#include "contract/telegraf/telegraf.hpp"
#include "source/bpf/blkio_reader.hpp"
#include "source/proc/errands.hpp"
#include "source/proc/statfs_workers.hpp"

namespace hostmeter::app {
namespace {

// How long a tick may wait for a pump that is behind, of the interval: longer, and it would run
// into the next.
constexpr std::uint64_t kLongestWaitShare = 2;
constexpr std::uint64_t kNapNs = 5'000'000;
// More ticks than any self-check of the walk takes, unless its cgroups come and go.
constexpr unsigned kMostChecks = 12;

source::Host open_or_throw(const Paths& paths, const Clock& clock) {
  source::Host host;
  host.clock = &clock;
  if (const std::string why = open_host(paths, host); !why.empty()) throw std::runtime_error(why);
  return host;
}

using Contracts = std::vector<std::unique_ptr<contract::Contract>>;

Contracts contracts_for(const config::Settings& settings) {
  Contracts all;
  if (!settings.telegraf) {
    all.push_back(std::make_unique<contract::Standard>());
    return all;
  }
  utsname own{};
  ::uname(&own);
  for (const config::telegraf::PrometheusClient& output : settings.telegraf->outputs)
    all.push_back(std::make_unique<contract::telegraf::Telegraf>(
        telegraf_options(*settings.telegraf, output, own.nodename)));
  return all;
}

std::vector<contract::Contract*> pointers(const Contracts& contracts) {
  std::vector<contract::Contract*> all;
  for (const auto& contract : contracts) all.push_back(contract.get());
  return all;
}

// Telegraf's figures of a container carry its own labels, those that are asked for.
std::vector<std::string> kept_labels(const config::Settings& settings) {
  std::vector<std::string> kept;
  if (!settings.telegraf) return kept;
  for (const config::telegraf::Input& input : settings.telegraf->inputs)
    if (const auto* docker = std::get_if<config::telegraf::Docker>(&input.plugin)) {
      const auto& wanted = docker->docker_label_include;
      kept.insert(kept.end(), wanted.begin(), wanted.end());
      if (wanted.empty()) kept.emplace_back("*");
    }
  return kept;
}

store::Identities::Options identity_options(const config::Settings& settings) {
  return {.shown_labels = settings.runtimes.labels,
          .kept_labels = kept_labels(settings),
          .filter = container_filter(settings),
          .max_unclaimed = settings.limits.containers};
}

// inputs.internal shows what readers cost for each of its gathers, which may be of every tick.
unsigned cost_turns(const config::Settings& settings) {
  const auto is_internal = [](const config::telegraf::Input& input) {
    return std::holds_alternative<config::telegraf::Internal>(input.plugin);
  };
  const auto& telegraf = settings.telegraf;
  return telegraf && std::ranges::any_of(telegraf->inputs, is_internal) ? 1 : Sampler::kCostTurns;
}

// A stuck thread can never be joined, so none is: see StatfsWorkers and Errands.
template <class Workers>
void start_threads(const std::shared_ptr<Workers>& workers) {
  while (workers && workers->start_one()) {
    try {
      std::thread([workers] { workers->run(); }).detach();
    } catch (const std::system_error&) {
      workers->start_failed();
      return;
    }
  }
}

template <class Condition>
void await(const Condition& condition, std::uint64_t longest_wait_ns) {
  for (std::uint64_t waited = 0; !condition() && waited < longest_wait_ns; waited += kNapNs)
    std::this_thread::sleep_for(std::chrono::nanoseconds(kNapNs));
}

void start_waiting_threads(const Readers& readers) {
  start_threads(readers.statfs);
  for (const auto& errands : readers.errands) start_threads(errands);
}

}  // namespace

Pipeline::Pipeline(const config::Settings& settings, const Paths& paths,
                   std::size_t snapshot_readers, const Clock& clock, ScriptHost* scripts)
    : rights_(settings.rights),
      holding_ticks_(identity_options(settings).filter.asks() ? store::Identities::kLongestHold
                                                              : 0),
      host_(open_or_throw(paths, clock)),
      readers_(make_readers(settings, host_)),
      snapshots_(snapshot_readers),
      contracts_(contracts_for(settings)),
      channel_("sampler", settings.limits.record_ring, settings.limits.news_ring),
      runtimes_(make_runtime_sources(settings, host_, scripts), clock),
      out_(channel_, pump_bell_, clock, settings.collect.interval_ns / kLongestWaitShare),
      pump_(channels(), collect::all(),
            {.max_series = settings.limits.series, .labels = settings.labels}, snapshots_,
            pointers(contracts_), identity_options(settings),
            {.max_shown = settings.limits.shown_containers,
             .max_ended_rows = settings.limits.ended_rows},
            std::size_t(settings.limits.printed)),
      sampler_(
          std::move(readers_.all), out_, host_.instances, clock, settings.collect.interval_ns,
          [this] { before_tick(); }, cost_turns(settings)) {}

Pipeline::~Pipeline() {
  stop();
}

std::vector<Channel*> Pipeline::channels() {
  std::vector<Channel*> all = runtimes_.channels();
  all.insert(all.begin(), &channel_);
  return all;
}

void Pipeline::before_tick() {
  start_waiting_threads(readers_);
  if (readers_.blkio)
    for (const std::string& disk : readers_.blkio->take_partly_seen())
      spdlog::warn("{}", to_string(partly_seen(disk)));
  if (!readers_.walks) return;
  for (const source::walk::Walks::Remark& remark : readers_.walks->take_remarks())
    spdlog::warn("{}", to_string(remark_of(remark, readers_.memory_closed)));
}

void Pipeline::note_walks() {
  if (!readers_.walks) return;
  for (const source::walk::Walks::Remark& remark : readers_.walks->take_remarks())
    readers_.remarks.push_back(remark_of(remark, readers_.memory_closed));
}

// What was loaded and opened by now stays usable. Threads begin with what this one has.
void Pipeline::start(std::uint64_t longest_wait_ns) {
  gave_up_rights_ = lock_rights(rights_);
  pump_thread_ = std::thread([this] {
    give_up_rights();
    pump_.run(pump_bell_, stop_pump_);
  });
  runtimes_.start(pump_bell_);
  await([this] { return runtimes_.settled(); }, longest_wait_ns);
  sampler_.tick(host_.clock->realtime_ns());
  note_walks();
  start_waiting_threads(readers_);  // for the next tick to have answers
  findings_ = app::findings(readers_, sampler_);
  findings_.push_back(readers_.rights);
  sampler_thread_ = std::thread([this] { sampler_.run(sampler_bell_, stop_sampler_); });
}

void Pipeline::stop() {
  const auto end = [](std::thread& thread, std::atomic<bool>& stop, const Doorbell& bell) {
    stop.store(true, std::memory_order_release);
    bell.ring();
    if (thread.joinable()) thread.join();
  };
  runtimes_.stop();
  end(sampler_thread_, stop_sampler_, sampler_bell_);
  if (readers_.statfs) readers_.statfs->stop();
  for (const auto& errands : readers_.errands) errands->stop();
  end(pump_thread_, stop_pump_, pump_bell_);
}

// The first tick learns which filesystems and devices there are and asks for them, the second has
// the answers. Whether the walk agrees with the files may take a few more, and so may containers
// that a filter does not know.
void Pipeline::once(std::uint64_t longest_wait_ns) {
  lock_rights(rights_);
  std::thread pump([this] { pump_.run(pump_bell_, stop_pump_); });
  const std::uint64_t now = host_.clock->realtime_ns();
  sampler_.tick(now);
  note_walks();
  start_waiting_threads(readers_);
  runtimes_.start(pump_bell_);
  const auto settled = [this] {
    return runtimes_.settled() && (!readers_.statfs || readers_.statfs->settled()) &&
           std::ranges::all_of(readers_.errands, &source::proc::Errands::settled);
  };
  await(settled, longest_wait_ns);
  runtimes_.stop();
  sampler_.tick(now);
  for (unsigned i = 0; i < holding_ticks_; ++i) sampler_.tick(now);
  for (unsigned i = 0; i < kMostChecks && readers_.walks && readers_.walks->is_undecided(); ++i) {
    note_walks();
    sampler_.tick(now);
  }
  note_walks();
  if (readers_.walks) {
    readers_.walks->remark_doubts();
    for (const source::walk::Walks::Remark& remark : readers_.walks->take_remarks())
      readers_.remarks.push_back(doubt_of(remark));
  }
  stop_pump_.store(true, std::memory_order_release);
  pump_bell_.ring();
  pump.join();
}

}  // namespace hostmeter::app
