// hostmeter version.
#include "app/version.hpp"

#include <cstdio>

#include "app/commands.hpp"

namespace hostmeter::app {

int version() {
  std::printf("hostmeter %s (%s)\n", kVersion, __VERSION__);
  return kOk;
}

}  // namespace hostmeter::app
