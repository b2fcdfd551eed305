#include "source/script/small_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "base/unique_fd.hpp"

namespace hostmeter::source::script {

std::optional<Error> write_file(int dir, const char* name, std::string_view text) {
  const base::UniqueFd file(::openat(dir, name, O_WRONLY | O_CLOEXEC | O_NOFOLLOW));
  if (!file) return Error{errno, "open to write"};
  if (::write(file.get(), text.data(), text.size()) != ssize_t(text.size()))
    return Error{errno, "write"};
  return {};
}

}  // namespace hostmeter::source::script
