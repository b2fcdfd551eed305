// The environment of scripts.
#pragma once
#include <string>
#include <vector>

#include "source/script/request.hpp"

namespace hostmeter::source::script {

// What every script has, and what this one is given; the latter wins. Nothing is inherited.
std::vector<std::string> environment_of(const Run& run);

}  // namespace hostmeter::source::script
