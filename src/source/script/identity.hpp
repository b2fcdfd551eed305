// Who a script runs as, and what is left of the rights of root.
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "base/capabilities.hpp"
#include "hostmeter/base/result.hpp"
#include "source/script/job.hpp"

namespace hostmeter::source::script {

// The first of these names that there is. Asks the C library: before the supervisor is forked.
std::optional<User> find_user(std::span<const char* const> names);

// In this order. No error is success.

// For good, also for what is executed later.
std::optional<Error> drop_bounding_set(base::CapabilitySet keep);
// Capabilities stay permitted until keep_capabilities(); for root's own files there are none more.
std::optional<Error> take_user(const User& user, std::span<const std::uint32_t> groups);
// These alone, effective and ambient, so that they outlast the execution of the script.
std::optional<Error> keep_capabilities(base::CapabilitySet keep);

}  // namespace hostmeter::source::script
