// For groups whose fields are each a metric of their own.
#pragma once
#include <array>

#include "hostmeter/collect/collector.hpp"

namespace hostmeter {

// Field i feeds metric i: the metrics are listed in the order of the field enum.
template <class Field, std::size_t kMetrics>
consteval std::array<FieldSeries, kMetrics> series_in_order(const MetricDesc (&metrics)[kMetrics]) {
  static_assert(kMetrics == std::size_t(Field::count), "one metric for each field");
  std::array<FieldSeries, kMetrics> rows{};
  for (std::size_t i = 0; i < kMetrics; ++i) rows[i] = series(Field(i), metrics[i]);
  return rows;
}

}  // namespace hostmeter
