// Series of a test, looked up by name and labels.
#pragma once
#include <map>
#include <string>

#include "hostmeter/metric/sink.hpp"

namespace hostmeter::test {

struct NamedSeries final : SeriesSink {
  std::map<std::string, SeriesId> live;

  // "name@slot value value", without @slot where there is no owner.
  SeriesId bind(const MetricDesc& metric, std::uint32_t owner,
                std::span<const std::string_view> values) override {
    std::string name(metric.name);
    if (owner != kNoOwner) name += "@" + std::to_string(owner);
    for (const auto value : values) name += " " + std::string(value);
    if (live.contains(name)) return kNoSeries;  // two series with the same labels
    live[name] = SeriesId(values_.size());
    grow(values_.size() + metric.cells());
    return live[name];
  }
  void unbind(SeriesId id) override {
    clear(id);
    std::erase_if(live, [&](const auto& entry) { return entry.second == id; });
  }

  std::string value(const std::string& name, std::size_t cell = 0) const {
    const auto at = live.find(name);
    if (at == live.end()) return "unbound";
    return present_[at->second + cell] ? std::to_string(values_[at->second + cell]) : "absent";
  }
};

}  // namespace hostmeter::test
