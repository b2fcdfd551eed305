#include "config/whole_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/open_file.hpp"

namespace hostmeter::config {

Result<std::string> read_whole(const std::string& path, std::size_t most) {
  const base::UniqueFd file =
      base::open_file(AT_FDCWD, path.c_str(), O_RDONLY | O_NONBLOCK | O_NOCTTY);
  if (!file) return Error{errno, "open"};
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) return Error{errno, "stat"};
  if (S_ISDIR(status.st_mode)) return Error{EISDIR, "open"};
  std::string text(most + 1, '\0');
  std::size_t filled = 0;
  while (filled < text.size()) {
    const ssize_t got = ::read(file.get(), text.data() + filled, text.size() - filled);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return Error{errno, "read"};
    if (got == 0) break;
    filled += std::size_t(got);
  }
  text.resize(filled);
  return text;
}

}  // namespace hostmeter::config
