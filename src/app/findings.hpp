// What we found on this host, in a few lines for a person.
#pragma once
#include <string>
#include <vector>

#include "app/readers.hpp"
#include "app/sampler.hpp"

namespace hostmeter::app {

// After a tick, on the thread that made it.
std::vector<std::string> findings(const Readers& readers, const Sampler& sampler);

}  // namespace hostmeter::app
