// Every collector of this build.
#pragma once
#include <span>

#include "hostmeter/collect/collector.hpp"

namespace hostmeter::collect {

// In the order of src/collect/meson.build.
std::span<const CollectorSpec* const> all();

}  // namespace hostmeter::collect
