#include "app/serving.hpp"

#include <algorithm>
#include <cstring>
#include <stdexcept>

#include "app/version.hpp"

namespace hostmeter::app {
namespace {

constexpr std::uint64_t kStaleTicks = 10, kLeastStaleNs = 10'000'000'000,
                        kFirstTickNs = 5'000'000'000;

std::size_t all_threads(const std::vector<config::Listener>& listeners) {
  std::size_t threads = 0;
  for (const config::Listener& listener : listeners) threads += listener.threads;
  return threads;
}

std::string landing_page(const std::string& path) {
  std::string page =
      "<!doctype html><html lang=\"en\"><head><meta "
      "charset=\"utf-8\"><title>Hostmeter</title></head>"
      "<body><h1>Hostmeter ";
  page += kVersion;
  page += "</h1><p>Metrics of this host and its containers, for Prometheus.</p><ul>";
  for (const std::string& link : {path, std::string("/-/healthy"), std::string("/-/ready")})
    page += "<li><a href=\"" + link + "\">" + link + "</a></li>";
  return page + "</ul><p>Choose collectors with <code>" + path +
         "?collect[]=cpu&amp;collect[]=meminfo</code> or "
         "<code>?exclude[]=hwmon</code>.</p></body></html>\n";
}

std::string why_not(int failure) {
  if (failure == EADDRINUSE)
    return "the port is in use: stop what listens there, or choose another with --listen";
  if (failure == EACCES)
    return "no right to this port: choose one above 1023, or give CAP_NET_BIND_SERVICE";
  return std::string(std::strerror(failure)) + ": choose an address of this host with --listen";
}

// Scrapes under way hold a snapshot for no longer than a stalled scraper may stall.
constexpr std::uint64_t kLongestScrapeNs = 60'000'000'000;

std::string shown(const config::Listener& listener) {
  const std::string address = to_string(listener.address);
  return "http://" + (listener.address.host.empty() ? "localhost" + address : address) +
         listener.path;
}

}  // namespace

Serving::Serving(const config::Settings& settings, const Paths& paths, const Clock& clock)
    : paths_(paths), clock_(clock) {
  std::vector<Listener> listeners = bind(settings);
  pipeline_ = std::make_unique<Pipeline>(settings, paths_, all_threads(settings.listeners), clock_);
  pipeline_->start();
  served_.serve(&pipeline_->snapshots());
  start(std::move(listeners));
}

Serving::~Serving() {
  for (Listener& listener : listeners_) end(listener);
  pipeline_->stop();
}

void Serving::reload(const config::Settings& settings) {
  std::vector<Listener> listeners = bind(settings);
  auto next = std::make_unique<Pipeline>(settings, paths_, all_threads(settings.listeners), clock_);
  next->start();
  next->snapshots().wait_newer(0, kFirstTickNs);
  served_.serve(&next->snapshots());
  pipeline_->snapshots().wait_unread(kLongestScrapeNs);
  pipeline_ = std::move(next);
  start(std::move(listeners));
}

// Those that have no listener yet. The others are left where they are, so that their port is never
// closed.
std::vector<Serving::Listener> Serving::bind(const config::Settings& settings) const {
  const std::uint64_t stale_after_ns =
      std::max(kLeastStaleNs, kStaleTicks * settings.collect.interval_ns);
  std::vector<Listener> bound;
  for (const config::Listener& listener : settings.listeners) {
    bound.push_back({listener, stale_after_ns, nullptr, {}});
    const auto stays = [&](const Listener& other) {
      return other.settings == listener && other.stale_after_ns == stale_after_ns;
    };
    if (std::any_of(listeners_.begin(), listeners_.end(), stays)) continue;
    bound.back().server = std::make_unique<expose::Server>(
        expose::Server::Options{.host = listener.address.host,
                                .port = listener.address.port,
                                .path = listener.path,
                                .threads = unsigned(listener.threads),
                                .stale_after_ns = stale_after_ns,
                                .landing_page = landing_page(listener.path)},
        served_, contract_, clock_);
    if (const int failure = bound.back().server->bind(); failure != 0)
      throw std::runtime_error("cannot listen on " + to_string(listener.address) + ": " +
                               why_not(failure));
  }
  return bound;
}

void Serving::start(std::vector<Listener> listeners) {
  for (Listener& old : listeners_) {
    const auto same = [&](const Listener& next) {
      return !next.server && next.settings == old.settings &&
             next.stale_after_ns == old.stale_after_ns;
    };
    const auto stays = std::find_if(listeners.begin(), listeners.end(), same);
    if (stays == listeners.end())
      end(old);
    else
      *stays = std::move(old);
  }
  listeners_ = std::move(listeners);
  addresses_.clear();
  for (Listener& listener : listeners_) {
    addresses_.push_back(shown(listener.settings));
    if (!listener.thread.joinable())
      listener.thread = std::thread([server = listener.server.get()] { server->serve(); });
  }
}

void Serving::end(Listener& listener) {
  listener.server->stop();
  if (listener.thread.joinable()) listener.thread.join();
}

}  // namespace hostmeter::app
