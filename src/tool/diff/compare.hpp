// In what two endpoints differ.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "tool/diff/side.hpp"

namespace hostmeter::tool {

struct Tolerance {
  double relative = 0.1;  // of the larger one
  double absolute = 0;    // of a value, or of a rate a second
};

struct Difference {
  enum class Kind : std::uint8_t {
    missing,  // the second does not have it
    extra,    // the first does not have it
    type,
    labels,  // of that name both have series, but with other labels
    value,   // a gauge was never near the other one's
    rate,    // of a counter
  };
  Kind kind;
  std::string what;        // a metric, or a series of it
  std::size_t series = 1;  // how many
  std::string a{}, b{};    // of each side; empty where it has none

  friend bool operator==(const Difference&, const Difference&) = default;
};

std::string_view to_string(Difference::Kind);

struct Comparison {
  std::vector<Difference> differences{};  // by what they are, then by name
  std::size_t same = 0;                   // series
  std::size_t not_compared = 0;           // counters without a rate
};

// A counter is compared by its rate over all scrapes; anything else differs when what it was at any
// scrape is out of reach of what the other was at any.
Comparison compare(const Side& a, const Side& b, const Tolerance& tolerance);

}  // namespace hostmeter::tool
