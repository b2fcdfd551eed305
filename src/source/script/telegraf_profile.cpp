#include "source/script/telegraf_profile.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

namespace hostmeter::source::script {
namespace {

constexpr std::string_view kUnix = "unix://";

// Empty: it is no socket of the file system.
std::string socket_of(std::string_view endpoint) {
  if (endpoint.starts_with(kUnix)) endpoint.remove_prefix(kUnix.size());
  return endpoint.starts_with('/') ? std::string(endpoint) : std::string();
}

// Whom beside its owner it is open to. Root's group is as good as many others.
std::optional<std::uint32_t> group_of(const std::string& socket) {
  struct stat status {};
  const bool is_open = ::stat(socket.c_str(), &status) == 0 && S_ISSOCK(status.st_mode) &&
                       (status.st_mode & S_IWGRP) != 0 && (status.st_mode & S_IWOTH) == 0;
  if (!is_open || status.st_gid == 0) return {};
  return status.st_gid;
}

}  // namespace

Allowances telegraf_allowances(std::span<const std::string> docker_endpoints) {
  Allowances allow;
  allow.network = true;
  for (const std::string& endpoint : docker_endpoints) {
    std::string socket = socket_of(endpoint);
    if (socket.empty()) continue;
    const auto group = group_of(socket);
    if (group && std::ranges::find(allow.groups, *group) == allow.groups.end())
      allow.groups.push_back(*group);
    allow.sockets.push_back(std::move(socket));
  }
  return allow;
}

}  // namespace hostmeter::source::script
