// The subcommands. Each returns the exit status.
#pragma once
#include "app/arguments.hpp"

namespace hostmeter::app {

int run(const Arguments&);
int once(const Arguments&);
int check(const Arguments&);
int catalog(const Arguments&);
int diff(const Arguments&);
int doctor(const Arguments&);
int record(const Arguments&);
int script_list(const Arguments&);
int script_run(const Arguments&);
int version();

}  // namespace hostmeter::app
