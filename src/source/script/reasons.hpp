// Why a script was not run, or runs without a part of its sandbox, as a person reads it.
#pragma once
#include <string>

#include "source/script/features.hpp"
#include "source/script/request.hpp"

namespace hostmeter::source::script {

std::string reason(const Refused& refused);

// Which parts are not in force and why; empty: all are.
std::string parts_lacking(const FeatureStates& features);

}  // namespace hostmeter::source::script
