#include "app/serving.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <cstring>
#include <optional>
#include <stdexcept>

#include "app/rights.hpp"
#include "app/scripts.hpp"
#include "app/version.hpp"
#include "base/clock.hpp"

namespace hostmeter::app {
namespace {

constexpr std::uint64_t kStaleTicks = 10, kLeastStaleNs = 10'000'000'000,
                        kFirstTickNs = 5'000'000'000, kTakeOverNs = 2'000'000'000;
// Our default is also that of its prometheus_client output.
constexpr std::uint16_t kTelegrafPort = 9273;

std::size_t all_threads(const std::vector<config::Listener>& listeners) {
  std::size_t threads = 0;
  for (const config::Listener& listener : listeners) threads += listener.threads;
  return threads;
}

std::string landing_page(const std::string& path, config::Contract contract) {
  std::string page =
      "<!doctype html><html lang=\"en\"><head><meta "
      "charset=\"utf-8\"><title>Hostmeter</title></head>"
      "<body><h1>Hostmeter ";
  page += kVersion;
  page += "</h1><p>Metrics of this host and its containers, for Prometheus.</p><ul>";
  for (const std::string& link : {path, std::string("/-/healthy"), std::string("/-/ready")})
    page += "<li><a href=\"" + link + "\">" + link + "</a></li>";
  constexpr const char* kEnd = "</body></html>\n";
  // Telegraf has no collectors to choose.
  if (contract == config::Contract::telegraf) return page + "</ul>" + kEnd;
  return page + "</ul><p>Choose collectors with <code>" + path +
         "?collect[]=cpu&amp;collect[]=meminfo</code> or "
         "<code>?exclude[]=hwmon</code>.</p>" +
         kEnd;
}

// Whether one may go on as the other: the place of an output in its file is of no account.
bool is_same(config::Listener one, const config::Listener& other) {
  one.output = other.output;
  return one == other;
}

const config::Listener* same_in(const config::Settings& settings, const config::Listener& one) {
  for (const config::Listener& each : settings.listeners)
    if (is_same(one, each)) return &each;
  return nullptr;
}

}  // namespace

std::string why_not(int failure, const config::Address& address) {
  if (failure == EADDRINUSE)
    return std::string("the port is in use") +
           (address.port == kTelegrafPort ? ", often by Telegraf" : "") +
           ": stop what listens there, or choose another with --listen";
  if (failure == EACCES)
    return "no right to this port: choose one above 1023, or give CAP_NET_BIND_SERVICE";
  return std::string(std::strerror(failure)) + ": choose an address of this host with --listen";
}

std::string shown(const config::Listener& listener) {
  const std::string address = to_string(listener.address);
  const char* const scheme = listener.tls_certificate.empty() ? "http://" : "https://";
  return scheme + (listener.address.host.empty() ? "localhost" + address : address) + listener.path;
}

expose::Server::Options guarded(const config::Listener& listener, const Clock& clock) {
  expose::Server::Options options{.host = listener.address.host,
                                  .port = listener.address.port,
                                  .path = listener.path,
                                  .threads = unsigned(listener.threads),
                                  .landing_page = landing_page(listener.path, listener.contract)};
  const std::string name = "listener " + to_string(listener.address) + ": ";
  const auto complain = [name](const std::string& what) { spdlog::error("{}{}", name, what); };
  const auto insist = [&](const std::optional<std::string>& wrong) {
    if (wrong) throw std::runtime_error(name + *wrong);
  };
  for (const std::string& network : listener.allow)
    if (const auto parsed = base::Network::parse(network)) options.allow.push_back(*parsed);
  if (!listener.tls_certificate.empty()) {
    const auto& key = listener.tls_key.empty() ? listener.tls_certificate : listener.tls_key;
    expose::Tls::Files files{listener.tls_certificate, key, listener.tls_more_client_cas,
                             listener.tls_only_13};
    if (!listener.tls_client_ca.empty())
      files.client_cas.insert(files.client_cas.begin(), listener.tls_client_ca);
    options.tls = std::make_shared<expose::Tls>(std::move(files), complain);
    insist(options.tls->load());
  }
  if (!listener.users_file.empty() || !listener.user.empty()) {
    options.users = std::make_shared<expose::Users>(
        expose::Users::Options{
            .file = listener.users_file, .name = listener.user, .password = listener.password},
        clock, complain);
    insist(options.users->load());
  }
  return options;
}

std::optional<std::string> why_not_guarded(const config::Listener& listener) {
  if (listener.tls_certificate.empty()) return {};
  try {
    guarded(listener, base::SystemClock());
    return {};
  } catch (const std::runtime_error& failure) {
    return failure.what();
  }
}

Serving::Serving(const config::Settings& wanted, Paths paths, const Clock& clock,
                 ScriptHost* scripts)
    : paths_(std::move(paths)), clock_(clock), scripts_(scripts) {
  const config::Settings settings = without_lost(wanted);
  std::vector<Listener> listeners = bind_new(settings);
  pipeline_ = std::make_unique<Pipeline>(settings, paths_, all_threads(settings.listeners), clock_,
                                         scripts_);
  pipeline_->start();
  exchange(std::move(listeners), settings);
}

Serving::~Serving() {
  for (Listener& listener : listeners_) end(listener);
  pipeline_->stop();
}

std::vector<std::string> Serving::reload(const config::Settings& wanted) {
  const config::Settings settings = without_lost(wanted);
  std::vector<Listener> listeners = bind_new(settings);
  take_over(settings);
  std::vector<std::string> lost = exchange(std::move(listeners), settings);
  tidy();
  return lost;
}

// Runs that end meanwhile are counted by the next one, once it serves.
void Serving::take_over(const config::Settings& settings) {
  auto next = std::make_unique<Pipeline>(settings, paths_, all_threads(settings.listeners), clock_,
                                         scripts_);
  std::optional<source::script::SharedSupervisor::Hold> hold;
  if (scripts_) hold.emplace(scripts_->supervisor);
  next->start(kTakeOverNs);
  if (!next->snapshots().wait_newer(0, kFirstTickNs))
    throw std::runtime_error("the first tick was not whole: raise limits.record_ring");
  serve_from(*next, settings);
  pipeline_->stop();
  retired_.push_back(std::exchange(pipeline_, std::move(next)));
}

void Serving::tidy() {
  std::erase_if(retired_,
                [](const auto& pipeline) { return pipeline->snapshots().wait_unread(0); });
}

Result<Serving::Listener> Serving::bind(const config::Listener& settings) const {
  Listener listener{settings, std::make_unique<expose::Served>(), {}, {}};
  listener.server =
      std::make_unique<expose::Server>(guarded(settings, clock_), *listener.served, clock_);
  const base::Raised rights({CAP_NET_BIND_SERVICE});
  if (const int failure = listener.server->bind(); failure != 0) return Error{failure, "bind"};
  return listener;
}

// Those that are about to end show what they have shown.
void Serving::serve_from(Pipeline& pipeline, const config::Settings& settings) {
  for (Listener& listener : listeners_) {
    const config::Listener* const wanted = same_in(settings, listener.settings);
    if (!wanted) continue;
    listener.settings.output = wanted->output;
    listener.served->serve(pipeline.snapshots(), pipeline.contract(wanted->output));
  }
}

// Without outputs of a telegraf.conf that are said to be lost: they cost no other. One that serves
// now is not given up for files that cannot be read at the moment.
config::Settings Serving::without_lost(config::Settings settings) const {
  const std::vector<config::Listener> all = settings.listeners;
  std::erase_if(settings.listeners, [&](const config::Listener& listener) {
    const bool is_here = std::any_of(
        listeners_.begin(), listeners_.end(),
        [&](const Listener& other) { return other.settings.address == listener.address; });
    return !is_here && listener.contract == config::Contract::telegraf && why_not_guarded(listener);
  });
  if (settings.listeners.empty()) settings.listeners = all;
  return settings;
}

// Listeners at addresses where none of ours is: all that can fail is done before anything changes.
std::vector<Serving::Listener> Serving::bind_new(const config::Settings& settings) const {
  std::vector<Listener> bound;
  for (const config::Listener& listener : settings.listeners) {
    const auto is_here = [&](const Listener& other) {
      return clash(other.settings.address, listener.address);
    };
    if (std::any_of(listeners_.begin(), listeners_.end(), is_here)) {
      guarded(listener, clock_);  // only to see that its files can be read
      continue;
    }
    auto one = bind(listener);
    if (!one)
      throw std::runtime_error("cannot listen on " + to_string(listener.address) + ": " +
                               why_not(one.error().code, listener.address));
    bound.push_back(std::move(*one));
  }
  return bound;
}

std::vector<std::string> Serving::exchange(std::vector<Listener> fresh,
                                           const config::Settings& settings) {
  const auto is_wanted = [&](const Listener& old) { return same_in(settings, old.settings); };
  for (Listener& old : listeners_)
    if (!is_wanted(old)) end(old);
  std::erase_if(listeners_, [&](const Listener& old) { return !is_wanted(old); });
  for (Listener& listener : fresh) listeners_.push_back(std::move(listener));
  addresses_.clear();
  std::vector<std::string> lost;
  for (const config::Listener& wanted : settings.listeners) {
    const auto runs = [&](const Listener& listener) { return is_same(listener.settings, wanted); };
    if (std::none_of(listeners_.begin(), listeners_.end(), runs)) {
      if (const std::string why = begin(wanted); !why.empty()) {
        lost.push_back("listener " + to_string(wanted.address) + " lost: " + why +
                       ", and reload; the rest is in force");
        continue;
      }
    }
    addresses_.push_back(shown(wanted));
  }
  serve_from(*pipeline_, settings);
  serve_all(settings.collect.interval_ns);
  return lost;
}

// Why it could not; empty when it listens.
std::string Serving::begin(const config::Listener& wanted) {
  try {
    auto one = bind(wanted);
    if (!one) return why_not(one.error().code, wanted.address);
    listeners_.push_back(std::move(*one));
    return {};
  } catch (const std::runtime_error& failure) {  // its files, a moment ago as they should be
    return failure.what();
  }
}

void Serving::serve_all(std::uint64_t interval_ns) {
  for (Listener& listener : listeners_) {
    listener.server->set_stale_after(std::max(kLeastStaleNs, kStaleTicks * interval_ns));
    if (listener.thread.joinable()) continue;
    listener.thread = std::thread([server = listener.server.get()] {
      give_up_rights();
      server->serve();
    });
  }
}

void Serving::end(Listener& listener) {
  listener.server->stop();
  if (listener.thread.joinable()) listener.thread.join();
}

}  // namespace hostmeter::app
