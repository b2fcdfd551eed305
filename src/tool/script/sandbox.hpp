// The parts of the sandbox, for a person.
#pragma once
#include <vector>

#include "source/script/features.hpp"
#include "tool/doctor/doctor.hpp"

namespace hostmeter::tool {

// What each part is for, whether it is in force, why not, and the mend.
std::vector<Diagnosis::Answer> sandbox_answers(const source::script::FeatureStates& states);

}  // namespace hostmeter::tool
