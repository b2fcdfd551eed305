// What the process may do, and what it gives up.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "app/readers.hpp"
#include "base/capabilities.hpp"
#include "config/settings.hpp"

namespace hostmeter::app {

// All of this is about the calling thread and those that it starts afterwards.

// Nothing stays effective: each call that needs a right raises it for as long as it takes.
void lower_rights();

// For a thread that needs none ever, or no others: what it serves or asks is outside.
void give_up_rights(base::CapabilitySet but = {});

// [rights] lock: gives up all that is not to be kept, for good. True if there was anything.
// Throws std::runtime_error when the kernel refuses.
bool lock_rights(const config::Rights& settings);

// What of permitted is left by then.
base::CapabilitySet left_of(base::CapabilitySet permitted, const config::Rights& settings);

// What is absent without those that are not left of permitted, with the mend.
std::vector<Remark> rights_lacking(base::CapabilitySet permitted, const config::Rights& settings);

// What each right is for that this kernel may ask for, and whether it, or what stands for it, is
// there.
struct Use {
  std::string_view name, serves;
  bool is_there;
};
std::vector<Use> rights_and_uses(base::CapabilitySet permitted, bool maps_are_locked_memory);

// A line for a person: which are left, of those that have a use.
std::string rights_line(base::CapabilitySet permitted, const config::Rights& settings);

}  // namespace hostmeter::app
