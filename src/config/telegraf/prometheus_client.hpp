// [[outputs.prometheus_client]].
#pragma once
#include "config/telegraf/common_options.hpp"

namespace hostmeter::config::telegraf {

// Nothing when it cannot be served, or not as closed to others as it is written; that is said.
std::optional<PrometheusClient> read_prometheus_client(const toml::table& table, Report& report);

}  // namespace hostmeter::config::telegraf
