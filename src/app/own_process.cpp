#include "app/own_process.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <ctime>

#include "base/unique_fd.hpp"
#include "hostmeter/base/text.hpp"

namespace hostmeter::app {
namespace {

// The 22nd word of /proc/self/stat is the start in clock ticks since boot; the second may hold
// blanks and parentheses of its own, so counting begins behind the last one.
std::optional<std::uint64_t> start_ticks() {
  const base::UniqueFd file(::open("/proc/self/stat", O_RDONLY | O_CLOEXEC));
  std::array<char, 1024> text{};
  const ssize_t length = file ? ::read(file.get(), text.data(), text.size()) : -1;
  if (length <= 0) return {};
  const std::string_view all(text.data(), std::size_t(length));
  const auto end = all.rfind(')');
  if (end == std::string_view::npos) return {};
  Text words(all.substr(end + 1));
  for (int word = 3; word < 22; ++word) words.word();
  return words.number();
}

std::uint64_t ns(const timespec& time) {
  return std::uint64_t(time.tv_sec) * 1'000'000'000U + std::uint64_t(time.tv_nsec);
}

}  // namespace

std::optional<std::uint64_t> own_start_ns(std::uint64_t realtime_ns) {
  const auto ticks = start_ticks();
  timespec boot{};
  if (!ticks || ::clock_gettime(CLOCK_BOOTTIME, &boot) != 0) return {};
  const std::uint64_t start_ns = *ticks * (1'000'000'000U / std::uint64_t(::sysconf(_SC_CLK_TCK)));
  if (start_ns > ns(boot)) return {};
  return realtime_ns - (ns(boot) - start_ns);
}

std::uint64_t own_cpu_ns() {
  timespec cpu{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &cpu);
  return ns(cpu);
}

std::optional<std::uint64_t> own_resident_bytes() {
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

}  // namespace hostmeter::app
