// What a latency histogram's buckets are, wherever it is of.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>

namespace hostmeter {

// Upper bounds in ns: 2^first up to 2^last us.
template <unsigned kFirst, unsigned kLast>
inline constexpr auto kLatencyBounds = [] {
  std::array<std::uint64_t, kLast - kFirst + 1> bounds{};
  for (std::size_t i = 0; i < bounds.size(); ++i)
    bounds[i] = (std::uint64_t{1} << (kFirst + i)) * 1000;
  return bounds;
}();

}  // namespace hostmeter
