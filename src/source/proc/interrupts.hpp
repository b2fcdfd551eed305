#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "hostmeter/base/result.hpp"
#include "hostmeter/flow/facts/interrupts.hpp"

namespace hostmeter::source::proc {

// The first line of /proc/interrupts and /proc/softirqs: the processors' numbers, as text.
Result<std::vector<std::string_view>> parse_processors(std::string_view line);

// A line of these files. Its views live as long as the line, what it joins until the next.
struct InterruptLine {
  std::string_view type;  // "24", "NMI"
  std::string_view info, devices;
  bool is_sum = false;  // of all processors, as ERR is
};
class InterruptLines {
 public:
  explicit InterruptLines(std::size_t processors) : processors_(processors) {}

  Result<InterruptLine> parse(std::string_view text);
  // One for each processor, or the sum.
  const std::vector<std::uint64_t>& counts() const { return counts_; }

 private:
  std::string_view joined(std::string_view words);

  std::size_t processors_;
  std::vector<std::uint64_t> counts_;
  std::string joined_;
};

}  // namespace hostmeter::source::proc
