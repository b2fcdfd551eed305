// [[inputs.docker]].
#pragma once
#include "config/telegraf/common_options.hpp"

namespace hostmeter::config::telegraf {

// False when the whole input is lost, and that is said.
bool read_docker(const toml::table& table, Input& input, Report& report);

// "docker" or "podman", by the name of its socket.
std::string_view runtime_of(const Docker& docker);
// Whether two paths are of one socket.
bool is_same_socket(std::string_view one, std::string_view other);

}  // namespace hostmeter::config::telegraf
