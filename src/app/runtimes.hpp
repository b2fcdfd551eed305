// The threads of what is followed outside of ticks: container runtimes, text files, scripts.
#pragma once
#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "app/channel.hpp"
#include "base/capabilities.hpp"
#include "config/settings.hpp"
#include "source/follower.hpp"
#include "source/host.hpp"

namespace hostmeter::app {

struct ScriptHost;  // app/scripts.hpp

struct NamedSource {
  std::string name;  // of its ring
  std::unique_ptr<source::Follower> source;
  base::CapabilitySet rights{};  // that its thread keeps, of those there are
};

// Each source has a thread and rings of its own, so that one that hangs delays no other.
class Runtimes {
 public:
  static constexpr std::size_t kRecordSlots = 1'024, kNewsSlots = 256;

  Runtimes(std::vector<NamedSource> sources, const Clock& clock);
  ~Runtimes();
  Runtimes(const Runtimes&) = delete;

  // The pump reads these; it runs before start() and until after stop().
  std::vector<Channel*> channels() const;

  // pump: outlives the threads. Whoever cannot have a thread is without names, and said so.
  void start(const Doorbell& pump);
  // For good, and soon, whatever the runtimes do.
  void stop();

  // Whether each has told once what it knows, or that it knows nothing.
  bool settled() const;

 private:
  struct One;
  std::vector<std::unique_ptr<One>> all_;
  const Clock& clock_;
  std::atomic<bool> stop_{false};
};

// Those of the settings. scripts: null: none is run. Host and scripts outlive them; they share its
// directories and nothing else of it.
std::vector<NamedSource> make_runtime_sources(const config::Settings& settings,
                                              const source::Host& host, ScriptHost* scripts);

}  // namespace hostmeter::app
