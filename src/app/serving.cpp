#include "app/serving.hpp"

#include <algorithm>
#include <cstring>
#include <stdexcept>

#include "app/version.hpp"

namespace hostmeter::app {
namespace {

constexpr std::uint64_t kStaleTicks = 10, kLeastStaleNs = 10'000'000'000;

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

}  // namespace

Serving::Serving(const config::Settings& settings, const Paths& paths, const Clock& clock)
    : pipeline_(
          std::make_unique<Pipeline>(settings, paths, all_threads(settings.listeners), clock)) {
  const std::uint64_t stale_after_ns =
      std::max(kLeastStaleNs, kStaleTicks * settings.collect.interval_ns);
  for (const config::Listener& listener : settings.listeners)
    listen(listener, stale_after_ns, clock);
  pipeline_->start();
  for (Listener& listener : listeners_)
    listener.thread = std::thread([server = listener.server.get()] { server->serve(); });
}

Serving::~Serving() {
  for (Listener& listener : listeners_) {
    listener.server->stop();
    if (listener.thread.joinable()) listener.thread.join();
  }
  pipeline_->stop();
}

void Serving::listen(const config::Listener& listener, std::uint64_t stale_after_ns,
                     const Clock& clock) {
  auto server = std::make_unique<expose::Server>(
      expose::Server::Options{.host = listener.address.host,
                              .port = listener.address.port,
                              .path = listener.path,
                              .threads = unsigned(listener.threads),
                              .stale_after_ns = stale_after_ns,
                              .landing_page = landing_page(listener.path)},
      pipeline_->snapshots(), pipeline_->contract(), clock);
  const std::string shown = to_string(listener.address);
  if (const int failure = server->bind(); failure != 0)
    throw std::runtime_error("cannot listen on " + shown + ": " + why_not(failure));
  const std::string host = listener.address.host.empty() ? "localhost" + shown : shown;
  addresses_.push_back("http://" + host + listener.path);
  listeners_.push_back({std::move(server), {}});
}

}  // namespace hostmeter::app
