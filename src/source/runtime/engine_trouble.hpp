// What is wrong with an engine, in a sentence with its mend.
#pragma once
#include <string>
#include <string_view>

#include "hostmeter/base/result.hpp"
#include "hostmeter/flow/identity.hpp"

namespace hostmeter::source::runtime {

// EBUSY stands for an engine whose process is stopped.
std::string trouble_words(Runtime runtime, std::string_view socket, const Error& error);

// Of one container.
std::string oddity_words(Runtime runtime, std::string_view id, const Error& error);

// The answer came whole and was of no use; the next may be.
bool is_about_one(const Error& error);

}  // namespace hostmeter::source::runtime
