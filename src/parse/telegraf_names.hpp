// How Telegraf's prometheus_client calls what it is given, in both of its metric versions.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "parse/measurement.hpp"

namespace hostmeter::parse {

enum class MetricVersion : std::uint8_t { v1 = 1, v2 = 2 };

// Appends MEASUREMENT_FIELD, with '_' for each character that no name may have. In version 1 a
// field "value" is called as its measurement is, in version 2 one of a measurement "prometheus" by
// its own name. False, and nothing is appended: no name can be made of it.
bool append_metric_name(MetricVersion, std::string_view measurement, std::string_view field,
                        std::string& out);

// The same of a tag. False also for names that begin with "__", which are Prometheus's own.
bool append_label_name(std::string_view tag, std::string& out);

// Nothing: it makes no sample. No string does, and no boolean in version 1; in version 2 true is 1.
std::optional<double> sample_value(MetricVersion, const FieldValue&);

}  // namespace hostmeter::parse
