// Whether a file may be run as a script.
#pragma once
#include <sys/stat.h>
#include <sys/types.h>

#include <optional>
#include <string>

#include "hostmeter/base/result.hpp"

namespace hostmeter::source::script {

// A regular file that can be executed and that nobody but root or we can change, in a directory of
// which the same holds. No error: it may.
std::optional<Error> check_script(const std::string& path);

// ours: our own user.
std::optional<Error> check_file(const struct stat& status, uid_t ours);
std::optional<Error> check_directory(const struct stat& status, uid_t ours);

}  // namespace hostmeter::source::script
