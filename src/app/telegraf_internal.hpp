// Who measures what inputs of a telegraf.conf show, for inputs.internal.
#pragma once
#include <vector>

#include "config/telegraf/settings.hpp"
#include "contract/telegraf/options.hpp"

namespace hostmeter::app {

// One for all inputs of a name and alias. inputs: in the order of the contract's.
std::vector<contract::telegraf::Internal::Of> told_of(
    const std::vector<const config::telegraf::Input*>& inputs);

}  // namespace hostmeter::app
