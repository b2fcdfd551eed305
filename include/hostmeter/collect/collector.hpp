// A collector: a table that says which field of which group feeds which series.
#pragma once
#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "hostmeter/flow/facts.hpp"
#include "hostmeter/metric/desc.hpp"

namespace hostmeter {

// One field feeds one series. A metric's labels take the values of the group's instance labels of
// the same name; the others are taken from fixed, comma-separated, in order.
struct FieldSeries {
  std::uint8_t field;
  const MetricDesc* metric;
  std::string_view fixed;
  std::uint8_t cell = 0;  // of a histogram: behind the row of its cell 0, in order
  bool is_now = false;    // its value is the moment of every tick while the field is there
  bool adds_up = false;   // a gauge of many containers together is the sum of theirs
};

template <class Field>
consteval FieldSeries series(Field field, const MetricDesc& metric, std::string_view fixed = {}) {
  if (is_real(field) != (metric.encoding == Encoding::real))
    throw "a real field needs a real metric";
  return {std::uint8_t(field), &metric, fixed};
}

// A time since 1970 that need be sent once only: it goes on with the ticks.
template <class Field>
consteval FieldSeries series_of_now(Field field, const MetricDesc& metric) {
  if (is_real(field) != (metric.encoding == Encoding::real))
    throw "a real field needs a real metric";
  return {std::uint8_t(field), &metric, {}, 0, true};
}

// Where the values of containers may be added up, as those of counters always may: what they use,
// not what they are allowed or when something was.
consteval FieldSeries summable(FieldSeries row) {
  if (row.metric->kind != Kind::gauge || row.metric->encoding == Encoding::real)
    throw "of gauges only, and those that are no doubles";
  row.adds_up = true;
  return row;
}

// The fields of a histogram: its sum, then the count of each bucket. A reader sends all of them or
// none.
template <std::size_t kCells, class Field>
consteval std::array<FieldSeries, kCells> histogram_series(Field sum, const MetricDesc& metric,
                                                           std::string_view fixed = {}) {
  if (metric.cells() != kCells) throw "a field for the sum and for each bucket";
  std::array<FieldSeries, kCells> rows{};
  for (std::size_t i = 0; i < kCells; ++i)
    rows[i] = {std::uint8_t(std::size_t(sum) + i), &metric, fixed, std::uint8_t(i)};
  return rows;
}

struct GroupSeries {
  Group group;
  std::size_t fields;
  std::string_view instance_labels;  // "device,fstype"; empty: the group has no instances
  std::span<const FieldSeries> series;
};

template <class Field>
consteval GroupSeries group_series(std::span<const FieldSeries> rows,
                                   std::string_view instance_labels = {}) {
  return {group_of(Field{}), std::size_t(Field::count), instance_labels, rows};
}

// Whom a collector's series are about: container metrics get the labels of their cgroup.
enum class Scope : std::uint8_t { host, container };

// A collector's whole face to the rest of the program. There is no code behind it: binding and
// storing are the same for all.
struct CollectorSpec {
  std::string_view name;  // value of collect[] and exclude[] on the URL
  Scope scope;
  std::span<const MetricDesc> metrics;
  std::span<const GroupSeries> groups;
};

}  // namespace hostmeter
