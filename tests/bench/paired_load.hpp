// What programs add to all of a load, told from what else goes on by many pairs of rounds.
#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>
#include <utility>
#include <vector>

#include "kept_programs.hpp"

namespace hostmeter::bench {

struct Added {
  double ns = 0, error_ns = 0;  // to one event of the load, and its standard error
  double event_ns = 0;          // with what it is compared with
};

inline double median_of(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

inline double mean_of(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return sum / double(values.size());
}

inline double middle_half(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const auto quarter = std::ptrdiff_t(values.size() / 4);
  return mean_of({values.begin() + quarter, values.end() - quarter});
}

// Of at least two.
inline double standard_error_of(const std::vector<double>& values) {
  const double mean = mean_of(values);
  double squares = 0;
  for (const double value : values) squares += (value - mean) * (value - mean);
  return std::sqrt(squares / double(values.size() - 1) / double(values.size()));
}

// Where programs and their rows come to lie makes a difference, so both are placed in the kernel
// anew so many times. Of each placement there are pairs of rounds, one with each, in turns of who
// is first; of its stretches a round is the lower quartile: the host only ever makes one longer; of
// the pairs the middle half counts. stretch: runs a part of the load, returning the ns of one
// event.
inline Added added(int placements, const std::function<Loaded()>& base,
                   const std::function<Loaded()>& more, const std::function<double()>& stretch) {
  constexpr int kStretches = 20, kPairs = 20;
  const auto round = [&](const KeptPrograms& programs) {
    const Loaded attached = programs.attach();
    stretch();
    std::vector<double> ns(kStretches);
    std::generate(ns.begin(), ns.end(), stretch);
    std::sort(ns.begin(), ns.end());
    return ns[kStretches / 4];
  };
  std::vector<double> of_placements, of_base;
  for (int placement = 0; placement < placements; ++placement) {
    const bool is_base_earlier = placement % 2 == 0;
    const KeptPrograms earlier(is_base_earlier ? base : more);
    const KeptPrograms later(is_base_earlier ? more : base);
    std::vector<double> differences;
    for (int pair = 0; pair < kPairs; ++pair) {
      const bool is_earlier_first = pair % 2 == 0;
      double of_earlier = 0;
      if (is_earlier_first) of_earlier = round(earlier);
      const double of_later = round(later);
      if (!is_earlier_first) of_earlier = round(earlier);
      of_base.push_back(is_base_earlier ? of_earlier : of_later);
      differences.push_back(is_base_earlier ? of_later - of_earlier : of_earlier - of_later);
    }
    of_placements.push_back(middle_half(std::move(differences)));
  }
  return {mean_of(of_placements), standard_error_of(of_placements), median_of(std::move(of_base))};
}

}  // namespace hostmeter::bench
