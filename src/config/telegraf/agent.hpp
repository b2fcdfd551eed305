// [agent] and [global_tags].
#pragma once
#include "config/telegraf/option.hpp"

namespace hostmeter::config::telegraf {

// What is written takes the place of what an earlier file has set.
void read_agent(const toml::table& table, Agent& agent, Report& report);

// name: "global_tags", or "tags" as it was once.
void read_global_tags(const toml::table& table, std::string_view name, Settings& settings,
                      Report& report);

}  // namespace hostmeter::config::telegraf
