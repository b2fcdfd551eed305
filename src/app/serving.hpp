// A running agent under one configuration: pipeline and listeners.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "app/pipeline.hpp"
#include "expose/served.hpp"
#include "expose/server.hpp"
#include "hostmeter/base/result.hpp"

namespace hostmeter::app {

// Why an address could not be had, and the mend.
std::string why_not(int failure, const config::Address& address);
// "http://localhost:9273/metrics".
std::string shown(const config::Listener& listener);
// What a listener serves with and asks for, with its files read. Throws std::runtime_error, one
// line with the mend.
expose::Server::Options guarded(const config::Listener& listener, const Clock& clock);

// What is wrong with its TLS, as guarded() throws it.
std::optional<std::string> why_not_guarded(const config::Listener& listener);

// Starts pipeline before listeners and ends them in reverse. Throws std::runtime_error, one line
// with the mend, when an address cannot be had or the host cannot be read.
class Serving {
 public:
  // Of a telegraf.conf, outputs whose TLS cannot be had are left out while another is there.
  // scripts: runs them and outlives this; null: they are not run.
  Serving(const config::Settings& wanted, Paths paths, const Clock& clock,
          ScriptHost* scripts = nullptr);
  ~Serving();
  Serving(const Serving&) = delete;

  // Goes over to other settings without missing a scrape: the new pipeline's first tick is whole
  // before the old one ends, and listeners that stay are not touched; one whose path, threads or
  // host change is closed for a moment. Throws as the constructor does; nothing has changed then.
  // Returns a line for each listener whose address was lost in that moment: all else is in force.
  std::vector<std::string> reload(const config::Settings& wanted);

  // To be called now and then: frees old pipelines whose last scrape has ended.
  void tidy();

  Pipeline& pipeline() { return *pipeline_; }
  // As shown, one for each listener that there is.
  const std::vector<std::string>& addresses() const { return addresses_; }

 private:
  struct Listener {
    config::Listener settings;
    std::unique_ptr<expose::Served> served;
    std::unique_ptr<expose::Server> server;
    std::thread thread;
  };

  config::Settings without_lost(config::Settings settings) const;
  Result<Listener> bind(const config::Listener& settings) const;
  std::vector<Listener> bind_new(const config::Settings& settings) const;
  std::vector<std::string> exchange(std::vector<Listener> fresh, const config::Settings& settings);
  void take_over(const config::Settings& settings);
  std::string begin(const config::Listener& wanted);
  void serve_from(Pipeline& pipeline, const config::Settings& settings);
  void serve_all(std::uint64_t interval_ns);
  static void end(Listener& listener);

  const Paths paths_;
  const Clock& clock_;
  ScriptHost* const scripts_;
  std::unique_ptr<Pipeline> pipeline_;
  std::vector<std::unique_ptr<Pipeline>> retired_;  // stopped, but a scrape may still read them
  std::vector<Listener> listeners_;
  std::vector<std::string> addresses_;
};

}  // namespace hostmeter::app
