#include "app/own_process.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <ctime>

#include "base/unique_fd.hpp"
#include "hostmeter/base/text.hpp"

namespace hostmeter::app {
namespace {

std::optional<std::uint64_t> resident_bytes() {
  const base::UniqueFd file(::open("/proc/self/statm", O_RDONLY | O_CLOEXEC));
  std::array<char, 128> text{};
  const ssize_t length = file ? ::read(file.get(), text.data(), text.size()) : -1;
  if (length <= 0) return {};
  Text words(std::string_view(text.data(), std::size_t(length)));
  words.word();
  const auto pages = words.number();
  if (!pages) return {};
  return scaled(*pages, std::uint64_t(::sysconf(_SC_PAGESIZE)));
}

// Since 6.2 the size of /proc/PID/fd is the number of descriptors; before it is 0.
std::optional<std::uint64_t> open_files() {
  struct stat status {};
  if (::stat("/proc/self/fd", &status) != 0 || status.st_size == 0) return {};
  return std::uint64_t(status.st_size);
}

}  // namespace

OwnProcess own_process() {
  timespec cpu{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &cpu);
  return {std::uint64_t(cpu.tv_sec) * 1'000'000'000U + std::uint64_t(cpu.tv_nsec), resident_bytes(),
          open_files()};
}

}  // namespace hostmeter::app
