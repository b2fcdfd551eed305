// What a command of inputs.exec of a telegraf.conf may do here. Nothing in that file can widen it.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "source/script/plan.hpp"

namespace hostmeter::source::script {

// The host's network, and the sockets of inputs.docker: of "unix:///run/docker.sock" or a path;
// other endpoints need the network alone. The group that such a socket is open to now comes with
// it, unless that is root's.
Allowances telegraf_allowances(std::span<const std::string> docker_endpoints);

struct TelegrafExec {
  std::vector<std::string> command;      // an absolute path, and what it is started with
  std::vector<std::string> environment;  // NAME=value
  std::uint64_t interval_ns = 10'000'000'000;
  std::uint64_t timeout_ns = 5'000'000'000;
  bool ignore_error = false;
  std::vector<std::string> docker_endpoints;
};

// Its limits are those of every script.
Plan telegraf_plan(const TelegrafExec& exec);

}  // namespace hostmeter::source::script
