// What a command of inputs.exec of a telegraf.conf may do here. Nothing in that file can widen it.
#pragma once
#include <span>
#include <string>

#include "source/script/request.hpp"

namespace hostmeter::source::script {

// The host's network, and the sockets of inputs.docker: of "unix:///run/docker.sock" or a path;
// other endpoints need the network alone. The group that such a socket is open to now comes with
// it, unless that is root's.
Allowances telegraf_allowances(std::span<const std::string> docker_endpoints);

}  // namespace hostmeter::source::script
