// A running agent under one configuration: pipeline and listeners.
#pragma once
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "app/pipeline.hpp"
#include "expose/server.hpp"

namespace hostmeter::app {

// Starts pipeline before listeners and ends them in reverse. Throws std::runtime_error, one line
// with the mend, when an address cannot be had or the host cannot be read: nothing runs then.
class Serving {
 public:
  Serving(const config::Settings& settings, const Paths& paths, const Clock& clock);
  ~Serving();
  Serving(const Serving&) = delete;

  Pipeline& pipeline() { return *pipeline_; }
  // "http://localhost:9273/metrics", one for each listener.
  const std::vector<std::string>& addresses() const { return addresses_; }

 private:
  struct Listener {
    std::unique_ptr<expose::Server> server;
    std::thread thread;
  };

  void listen(const config::Listener& listener, std::uint64_t stale_after_ns, const Clock& clock);

  std::unique_ptr<Pipeline> pipeline_;
  std::vector<Listener> listeners_;
  std::vector<std::string> addresses_;
};

}  // namespace hostmeter::app
