// Whether a file may be run as a script.
#pragma once
#include <sys/stat.h>
#include <sys/types.h>

#include <optional>
#include <string>

#include "base/unique_fd.hpp"
#include "hostmeter/base/result.hpp"

namespace hostmeter::source::script {

// Whatever takes its place later, this is the file that was looked at.
struct ScriptFile {
  base::UniqueFd file;  // O_PATH
  std::string real;     // where it was, without links
};

// A regular file that can be executed and that nobody but root or we can change or exchange: the
// same holds of every directory on the way to it and to what links on that way lead to. Each is
// opened in the one before, so that nothing can be exchanged while one looks.
Result<ScriptFile> open_script(const std::string& path);

// No error: it may be run.
std::optional<Error> check_script(const std::string& path);

// ours: our own user.
std::optional<Error> check_file(const struct stat& status, uid_t ours);
// next: what is in the directory. In one such as /tmp only its owner can exchange it.
std::optional<Error> check_directory(const struct stat& directory, const struct stat& next,
                                     uid_t ours);

}  // namespace hostmeter::source::script
