#pragma once
#include <sys/timex.h>

#include "hostmeter/flow/facts/timex.hpp"

namespace hostmeter::source::proc {

// What adjtimex(2) filled in, and the clock state it returned.
Facts<Timex> timex_facts(const ::timex& clock, int state);

}  // namespace hostmeter::source::proc
