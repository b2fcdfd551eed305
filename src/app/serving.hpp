// A running agent under one configuration: pipeline and listeners.
#pragma once
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "app/pipeline.hpp"
#include "contract/standard.hpp"
#include "expose/server.hpp"

namespace hostmeter::app {

// Starts pipeline before listeners and ends them in reverse. Throws std::runtime_error, one line
// with the mend, when an address cannot be had or the host cannot be read.
class Serving {
 public:
  Serving(const config::Settings& settings, const Paths& paths, const Clock& clock);
  ~Serving();
  Serving(const Serving&) = delete;

  // Goes over to other settings without missing a scrape: the new pipeline is complete before the
  // old one ends, and listeners that stay are not touched. Throws as the constructor does, and
  // then nothing has changed.
  void reload(const config::Settings& settings);

  Pipeline& pipeline() { return *pipeline_; }
  // "http://localhost:9273/metrics", one for each listener.
  const std::vector<std::string>& addresses() const { return addresses_; }

 private:
  struct Listener {
    config::Listener settings;
    std::uint64_t stale_after_ns;
    std::unique_ptr<expose::Server> server;
    std::thread thread;
  };

  std::vector<Listener> bind(const config::Settings& settings) const;
  void start(std::vector<Listener> listeners);
  static void end(Listener& listener);

  const Paths paths_;
  const Clock& clock_;
  const contract::Standard contract_;
  store::Served served_;
  std::unique_ptr<Pipeline> pipeline_;
  std::vector<Listener> listeners_;
  std::vector<std::string> addresses_;
};

}  // namespace hostmeter::app
