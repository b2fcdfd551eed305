#include "app/runtimes.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <system_error>

#include "app/rights.hpp"
#include "app/round_output.hpp"
#include "app/scripts.hpp"
#include "app/settings.hpp"
#include "app/state_files.hpp"
#include "app/textfiles.hpp"
#include "source/runtime/engine_source.hpp"

namespace hostmeter::app {
namespace {

constexpr std::uint64_t kLongestWaitNs = 1'000'000'000;
constexpr std::chrono::milliseconds kNap{20};
constexpr unsigned kFirstProducer = 1;  // of instance numbers; 0 is the sampler's

}  // namespace

struct Runtimes::One {
  explicit One(NamedSource named)
      : channel(std::move(named.name), kRecordSlots, kNewsSlots),
        source(std::move(named.source)),
        rights(named.rights) {}

  void run(const Doorbell& pump, const Clock& clock, const std::atomic<bool>& stop) {
    give_up_rights(rights);
    RoundOutput out(channel, pump, clock, kLongestWaitNs);
    bool resend = false;
    while (!stop.load(std::memory_order_acquire)) {
      if (channel.doubts.exchange(false)) source->doubt();
      source->follow(out, resend);
      resend = !out.end_round();
      for (const source::Remark& remark : source->take_remarks())
        spdlog::log(remark.is_trouble ? spdlog::level::warn : spdlog::level::info, "{}",
                    remark.what);
      has_told.store(true, std::memory_order_release);
      while (out.has_pending() && !stop.load(std::memory_order_acquire)) {
        std::this_thread::sleep_for(kNap);
        out.end_round();
      }
    }
    source->end();
  }

  Channel channel;
  std::unique_ptr<source::Follower> source;
  base::CapabilitySet rights;
  std::atomic<bool> has_told{false};
  std::thread thread;
};

Runtimes::Runtimes(std::vector<NamedSource> sources, const Clock& clock) : clock_(clock) {
  for (NamedSource& named : sources) all_.push_back(std::make_unique<One>(std::move(named)));
}

Runtimes::~Runtimes() {
  stop();
}

std::vector<Channel*> Runtimes::channels() const {
  std::vector<Channel*> channels;
  for (const auto& one : all_) channels.push_back(&one->channel);
  return channels;
}

void Runtimes::start(const Doorbell& pump) {
  for (const auto& one : all_) {
    try {
      one->thread = std::thread([this, &pump, one = one.get()] { one->run(pump, clock_, stop_); });
    } catch (const std::system_error& error) {
      spdlog::warn("{} is not asked for names: no thread can be had for it: {}", one->channel.name,
                   error.what());
      one->has_told.store(true, std::memory_order_release);
    }
  }
}

void Runtimes::stop() {
  stop_.store(true, std::memory_order_release);
  for (const auto& one : all_) one->source->interrupt();
  for (const auto& one : all_)
    if (one->thread.joinable()) one->thread.join();
}

bool Runtimes::settled() const {
  return std::ranges::all_of(
      all_, [](const auto& one) { return one->has_told.load(std::memory_order_acquire); });
}

std::vector<NamedSource> make_runtime_sources(const config::Settings& settings,
                                              const source::Host& host, ScriptHost* scripts) {
  std::vector<NamedSource> made;
  const auto numbers = [&made] { return InstanceIds(kFirstProducer + unsigned(made.size())); };
  if (auto files = state_files(settings, host, numbers())) made.push_back(std::move(*files));
  std::function<bool(const Description&)> is_shown;
  if (const auto filter = container_filter(settings); filter.asks())
    is_shown = [filter](const Description& who) {
      return filter.passes_name(who.name) && filter.passes_image_and_labels(who);
    };
  // Of a recorded host only its files speak.
  const auto add = [&](Runtime runtime, const config::Engine& engine, const config::Engine& usual,
                       std::string pid_file) {
    if (!engine.enabled || !host.live) return;
    made.push_back({std::string(to_string(runtime)),
                    std::make_unique<source::runtime::EngineSource>(
                        source::runtime::EngineOptions{
                            .runtime = runtime,
                            .socket = engine.endpoint.substr(1),
                            .pid_file = std::move(pid_file),
                            .is_expected = engine.endpoint != usual.endpoint,
                            .timeout_ns = engine.timeout_ns,
                            .disk = {.interval_ns = engine.df_interval_ns,
                                     .images = engine.df_images,
                                     .volumes = engine.df_volumes},
                            .info_interval_ns = engine.info_interval_ns,
                            .swarm_interval_ns = engine.swarm_interval_ns,
                            .environment = engine.environment,
                            .containers = {.most = settings.limits.containers,
                                           .most_shown = settings.limits.shown_containers,
                                           .is_shown = is_shown}},
                        host.root, host.proc, *host.clock, numbers())});
  };
  const config::Runtimes usual;
  add(Runtime::docker, settings.runtimes.docker, usual.docker, "run/docker.pid");
  add(Runtime::podman, settings.runtimes.podman, usual.podman, {});
  if (auto files = textfiles(settings, host, numbers())) made.push_back(std::move(*files));
  if (auto source = script_source(settings, scripts, *host.clock, numbers()))
    made.push_back(std::move(*source));
  return made;
}

}  // namespace hostmeter::app
