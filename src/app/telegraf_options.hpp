// What the telegraf contract is asked for, as a telegraf.conf says it.
#pragma once
#include "config/telegraf/settings.hpp"
#include "contract/telegraf/options.hpp"

namespace hostmeter::app {

// Of one of its outputs. host: the host's own name, where the file gives none.
contract::telegraf::Options telegraf_options(const config::telegraf::Settings& settings,
                                             const config::telegraf::PrometheusClient& output,
                                             const std::string& host);

}  // namespace hostmeter::app
