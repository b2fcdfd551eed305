// What programs add to all of a load, told from what else goes on by many pairs of rounds.
#pragma once
#include <algorithm>
#include <cmath>
#include <functional>
#include <memory>
#include <vector>

namespace hostmeter::bench {

// What is loaded while a load runs.
using Loaded = std::shared_ptr<void>;

struct Added {
  double ns = 0, error_ns = 0;  // to one event of the load, and its standard error
  double event_ns = 0;          // with what it is compared with
};

// A pair: stretches of the load with one, and with the other, in turns of who is first. Of its
// stretches a round is the lower quartile: the host only ever makes one longer. Of the differences
// the middle half counts. stretch: runs a part of the load, returning the ns of one event.
inline Added added(int pairs, const std::function<Loaded()>& base,
                   const std::function<Loaded()>& more, const std::function<double()>& stretch) {
  constexpr int kStretches = 20;
  const auto round = [&](const std::function<Loaded()>& load) {
    const Loaded loaded = load();
    stretch();
    std::vector<double> ns(kStretches);
    std::generate(ns.begin(), ns.end(), stretch);
    std::sort(ns.begin(), ns.end());
    return ns[kStretches / 4];
  };
  std::vector<double> differences, of_base;
  for (int pair = 0; pair < pairs; ++pair) {
    double with_base = 0;
    if (pair % 2 == 0) with_base = round(base);
    const double with_more = round(more);
    if (pair % 2 != 0) with_base = round(base);
    of_base.push_back(with_base);
    differences.push_back(with_more - with_base);
  }
  std::sort(differences.begin(), differences.end());
  std::sort(of_base.begin(), of_base.end());
  const std::size_t quarter = differences.size() / 4, last = differences.size() - quarter;
  Added found;
  for (std::size_t i = quarter; i < last; ++i) found.ns += differences[i] / double(last - quarter);
  // Between the quartiles of a normal distribution lie 1.35 standard deviations; the mean of the
  // middle half is some 1.1 times as uncertain as that of all.
  found.error_ns =
      1.1 * (differences[last - 1] - differences[quarter]) / 1.35 / std::sqrt(double(pairs));
  found.event_ns = of_base[of_base.size() / 2];
  return found;
}

}  // namespace hostmeter::bench
