// How many file descriptors we hold.
#pragma once
#include <cstdint>
#include <optional>

namespace hostmeter::app {

// Since Linux 6.2 the kernel knows the number. Before, the descriptors are counted one by one, so
// only at every kCountTicks-th question; the number in between is that of the last count.
class OpenFiles {
 public:
  static constexpr unsigned kCountTicks = 60;
  static constexpr std::uint64_t kMost = 100'000;  // more are not counted: absent

  // directory: /proc/self/fd
  explicit OpenFiles(const char* directory) : directory_(directory) {}

  std::optional<std::uint64_t> count();

 private:
  std::optional<std::uint64_t> entries() const;

  const char* directory_;
  unsigned until_count_ = 0;
  std::optional<std::uint64_t> counted_;
};

}  // namespace hostmeter::app
