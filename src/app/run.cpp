// hostmeter run: until a signal ends it.
#include <spdlog/spdlog.h>

#include <csignal>
#include <ctime>
#include <exception>

#include "app/commands.hpp"
#include "app/log.hpp"
#include "app/rights.hpp"
#include "app/scripts.hpp"
#include "app/serving.hpp"
#include "app/settings.hpp"
#include "app/version.hpp"
#include "base/clock.hpp"

namespace hostmeter::app {
namespace {

constexpr std::uint64_t kStalledNs = 10'000'000'000;
constexpr timespec kWatchEvery{1, 0};

// Signals come to the main thread by sigtimedwait alone: blocked before any other thread exists.
sigset_t block_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&signals, signal);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::signal(SIGPIPE, SIG_IGN);  // a scraper that hangs up
  return signals;
}

class Agent {
 public:
  // scripts: null: they are not run.
  Agent(const Arguments& arguments, config::Settings settings, std::unique_ptr<ScriptHost> scripts)
      : arguments_(arguments),
        settings_(std::move(settings)),
        scripts_at_start_(settings_.scripts),
        scripts_(std::move(scripts)) {}

  void start() {
    serving_ = std::make_unique<Serving>(settings_, arguments_.paths, clock_, scripts_.get());
    tell();
  }

  void stop() { serving_.reset(); }

  // A configuration that is wrong, or cannot start, leaves the old one in force.
  void reload() {
    if (serving_->pipeline().gave_up_rights()) {
      spdlog::error(
          "configuration not reloaded: rights are locked, and without them what is loaded would be "
          "lost: restart the agent");
      return;
    }
    auto settings = settings_or_say(arguments_);
    if (!settings) {
      spdlog::error("configuration not reloaded: the one in force stays");
      return;
    }
    if (const std::string changed = what_takes_a_restart(*settings); !changed.empty()) {
      spdlog::error("configuration not reloaded: a change of {} takes a restart", changed);
      return;
    }
    std::vector<std::string> lost;
    try {
      lost = serving_->reload(*settings);
    } catch (const std::exception& error) {
      spdlog::error("{}: the configuration in force stays", error.what());
      return;
    }
    settings_ = std::move(*settings);
    start_log(to_string(settings_.log.level));
    tell();
    for (const std::string& listener : lost) spdlog::error("{}", listener);
    spdlog::info("configuration reloaded");
  }

  // Tells, once each time, when ticks have ceased and when they come again.
  void watch() {
    serving_->tidy();
    const auto lease = serving_->pipeline().snapshots().newest();
    const std::uint64_t age_ns =
        clock_.monotonic_ns() - (lease ? lease->monotonic_ns : started_ns_);
    const bool stalled = age_ns > kStalledNs + settings_.collect.interval_ns;
    if (stalled && !stalled_)
      spdlog::error("no whole tick for {} s: figures are stale", age_ns / 1'000'000'000);
    if (!stalled && stalled_) spdlog::info("ticks are whole again");
    stalled_ = stalled;
  }

 private:
  // A lock is for good, and what it is put on before may still fail; what runs scripts was forked
  // when there were no threads yet.
  std::string what_takes_a_restart(const config::Settings& wanted) const {
    if (wanted.rights != settings_.rights) return "[rights]";
    return app::what_takes_a_restart(scripts_at_start_, wanted.scripts);
  }

  void tell() {
    for (const std::string& line : serving_->pipeline().findings()) spdlog::info("{}", line);
    for (const Remark& remark : serving_->pipeline().readers().remarks)
      spdlog::warn("{}", to_string(remark));
    for (const std::string& address : serving_->addresses()) spdlog::info("serving {}", address);
  }

  const Arguments& arguments_;
  const base::SystemClock clock_;
  config::Settings settings_;
  const config::Scripts scripts_at_start_;
  const std::unique_ptr<ScriptHost> scripts_;
  std::unique_ptr<Serving> serving_;
  const std::uint64_t started_ns_ = clock_.monotonic_ns();
  bool stalled_ = false;
};

}  // namespace

int run(const Arguments& arguments) {
  const sigset_t signals = block_signals();
  lower_rights();
  auto settings = settings_or_say(arguments);
  if (!settings) return kUsage;
  start_log(to_string(settings->log.level));
  spdlog::info("hostmeter {} starts, {}", kVersion, file_in_force(arguments));
  auto scripts = start_supervisor(settings->scripts, all_files(arguments), arguments.paths);
  Agent agent(arguments, std::move(*settings), std::move(scripts));
  agent.start();
  while (true) {
    const int signal = sigtimedwait(&signals, nullptr, &kWatchEvery);
    if (signal == SIGTERM || signal == SIGINT) break;
    if (signal == SIGHUP)
      agent.reload();
    else
      agent.watch();
  }
  agent.stop();
  spdlog::info("hostmeter ends");
  return kOk;
}

}  // namespace hostmeter::app
