// hostmeter check: would it start?
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <memory>

#include "app/commands.hpp"
#include "app/found_scripts.hpp"
#include "app/log.hpp"
#include "app/pipeline.hpp"
#include "app/rights.hpp"
#include "app/scripts.hpp"
#include "app/serving.hpp"
#include "app/settings.hpp"
#include "app/telegraf_conf.hpp"
#include "base/capabilities.hpp"
#include "base/clock.hpp"
#include "config/load.hpp"

namespace hostmeter::app {
namespace {

constexpr int kOn = 1, kOff = 0;

// As the server binds, but nobody is listened to: a client is refused as before.
int try_to_bind(const addrinfo& at) {
  const int socket = ::socket(at.ai_family, at.ai_socktype | SOCK_CLOEXEC, at.ai_protocol);
  if (socket < 0) return errno;
  ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &kOn, sizeof kOn);
  if (at.ai_family == AF_INET6) ::setsockopt(socket, IPPROTO_IPV6, IPV6_V6ONLY, &kOff, sizeof kOff);
  const int failure = ::bind(socket, at.ai_addr, at.ai_addrlen) == 0 ? 0 : errno;
  ::close(socket);
  return failure;
}

int try_host(const char* host, std::uint16_t port) {
  addrinfo hints{}, *found = nullptr;
  hints.ai_socktype = SOCK_STREAM;
  if (::getaddrinfo(host, std::to_string(port).c_str(), &hints, &found) != 0) return EADDRNOTAVAIL;
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> all(found, &::freeaddrinfo);
  int failure = EADDRNOTAVAIL;
  for (const addrinfo* at = found; at && failure != 0; at = at->ai_next) failure = try_to_bind(*at);
  return failure;
}

// 0 when the address could be had, else the errno.
int try_address(const config::Address& address) {
  const base::Raised rights({CAP_NET_BIND_SERVICE});
  if (!address.host.empty()) return try_host(address.host.c_str(), address.port);
  const int failure = try_host("::", address.port);
  const bool has_no_v6 = failure == EAFNOSUPPORT || failure == EADDRNOTAVAIL;
  return has_no_v6 ? try_host("0.0.0.0", address.port) : failure;
}

// Whether each address could be had, now or once who has it ends.
bool can_listen(const std::vector<config::Listener>& listeners) {
  const base::SystemClock clock;
  bool can = std::any_of(listeners.begin(), listeners.end(), [](const config::Listener& listener) {
    return !why_not_guarded(listener);
  });
  for (const config::Listener& listener : listeners) {
    // Of a telegraf.conf it is among what is lost.
    if (listener.contract == config::Contract::telegraf && why_not_guarded(listener)) continue;
    try {
      guarded(listener, clock);
    } catch (const std::runtime_error& failure) {
      can = false;
      std::fprintf(stderr, "%s\n", failure.what());
    }
    const int failure = try_address(listener.address);
    const std::string address = to_string(listener.address);
    if (failure == 0) {
      std::printf("would serve %s\n", shown(listener).c_str());
    } else if (failure == EADDRINUSE) {
      std::printf("remark: %s: %s; if a running hostmeter has it, all is well\n", address.c_str(),
                  why_not(failure, listener.address).c_str());
    } else {
      can = false;
      std::fprintf(stderr, "cannot listen on %s: %s\n", address.c_str(),
                   why_not(failure, listener.address).c_str());
    }
  }
  return can;
}

// Goes through a whole start, BPF and the first tick included.
void try_pipeline(const config::Settings& settings, const Paths& paths) {
  const base::SystemClock clock;
  Pipeline pipeline(settings, paths, 1, clock);
  pipeline.start();
  for (const Remark& remark : pipeline.readers().remarks)
    std::printf("remark: %s\n", to_string(remark).c_str());
}

// Scripts that are not as they should be cost themselves, and no start.
void look_at_scripts(const config::Settings& settings, const Paths& paths) {
  if (!runs_scripts(settings.scripts, paths)) return;
  const auto found = FoundScripts::find(settings);
  if (!found) return;
  for (const std::string& remark : (*found)->remarks()) std::printf("remark: %s\n", remark.c_str());
  for (const auto& [name, file] : (*found)->all())
    if (!file.refusal)
      std::printf("would run the script %s: %s\n", name.c_str(), file.path.c_str());
}

}  // namespace

// Serves nobody and takes nothing from an agent that runs, so that a file can be checked beside it.
int check(const Arguments& arguments) {
  lower_rights();
  const auto conf = load_telegraf(arguments);
  if (conf && *conf)
    for (const std::string& line : telegraf_findings(*conf)) std::printf("%s\n", line.c_str());
  const bool loses = conf && config::telegraf::loses_something(conf->findings);
  auto loaded = load_settings(arguments);
  if (const auto* problems = std::get_if<std::vector<std::string>>(&loaded)) {
    for (const std::string& problem : *problems) std::fprintf(stderr, "%s\n", problem.c_str());
    std::fprintf(stderr, "%zu problem%s: hostmeter would not start\n", problems->size(),
                 problems->size() == 1 ? "" : "s");
    if (loses) return kLoses;
    return conf ? kFailed : kUsage;
  }
  const auto& settings = std::get<config::Settings>(loaded);
  start_log(to_string(settings.log.level));
  bool would_start = can_listen(settings.listeners);
  look_at_scripts(settings, arguments.paths);
  try {
    try_pipeline(settings, arguments.paths);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    would_start = false;
  }
  if (!would_start) {
    std::fprintf(stderr, "hostmeter would not start\n");
    return kFailed;
  }
  std::printf("%s: hostmeter would start\n", file_in_force(arguments).c_str());
  return loses ? kLoses : kOk;
}

}  // namespace hostmeter::app
