// Opening files that others put into a directory of theirs.
#pragma once
#include "base/unique_fd.hpp"
#include "hostmeter/base/result.hpp"

namespace hostmeter::source::script {

// For reading. Who owns the directory may give us what is theirs, not what we alone can read: links
// are followed within the directory only (never, where there is no openat2(2)), the right to read
// is raised for their own files and those of root that lie there, and not for what has another name
// elsewhere. Nothing but a regular file is opened at all: EINVAL. EXDEV: it leads out.
Result<base::UniqueFd> open_textfile(int dir_fd, const char* name);

}  // namespace hostmeter::source::script
