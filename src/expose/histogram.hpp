// A histogram on its way out: buckets that add up, and their labels.
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "store/snapshot.hpp"

namespace hostmeter::expose {

// The text around one histogram metric's values, made once for a scrape.
class Histogram {
 public:
  Histogram() = default;
  explicit Histogram(const MetricDesc&);

  // Bytes that write() needs at most.
  std::size_t size(const store::Line&) const;

  // NAME_bucket from the lowest bound to +Inf, NAME_sum and NAME_count of one set of labels: le
  // comes last. The count is what the buckets add up to. Returns the end.
  char* write(char* out, const store::Line&, std::span<const std::uint64_t> cells) const;

 private:
  const MetricDesc* metric_ = nullptr;
  std::vector<std::string> ends_;  // `le="0.5"} `, the last of them +Inf
  std::size_t ends_size_ = 0;
};

}  // namespace hostmeter::expose
