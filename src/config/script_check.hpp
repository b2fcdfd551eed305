// What is wrong with a [[script]] as a whole.
#pragma once
#include <string>
#include <vector>

#include "config/settings.hpp"

namespace hostmeter::config {

struct ScriptProblem {
  std::string key, what;
};

// Of the last one, which is to get along with those before it.
std::vector<ScriptProblem> check_last_script(const std::vector<Script>& scripts);

}  // namespace hostmeter::config
