// A collector: a table that says which field of which group feeds which series.
#pragma once
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
};

template <class Field>
consteval FieldSeries series(Field field, const MetricDesc& metric, std::string_view fixed = {}) {
  if (is_real(field) != (metric.encoding == Encoding::real))
    throw "a real field needs a real metric";
  return {std::uint8_t(field), &metric, fixed};
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
