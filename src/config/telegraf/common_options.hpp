// Options that every input or output has.
#pragma once
#include "config/telegraf/option.hpp"

namespace hostmeter::config::telegraf {

std::span<const Option<Common>> common_options();   // of inputs
std::span<const Option<Filters>> filter_options();  // of inputs and outputs

inline constexpr const char* kNoTimestamps =
    "rounds timestamps, which are not served: Prometheus takes the time of its scrape";
inline constexpr const char* kNothingIsSent = "has no meaning where metrics are fetched, not sent";

// Makes an interval of what is written in the table that the host can be read at, and says so.
// False: there is none, and it is to be as if not written.
bool fit_interval(std::uint64_t& interval_ns, const toml::table& table, const std::string& what,
                  Report& report);

// Reads the table of an input: its own options, then those of every input.
template <class T>
void read_input(const toml::table& table, std::span<const Option<T>> options, T& to, Input& input,
                Report& report) {
  read_options(table, "inputs." + input.name, input.origin, report, Part<T>{options, to},
               Part<Common>{common_options(), input.common},
               Part<Filters>{filter_options(), input.filters});
  auto& interval = input.common.interval_ns;
  if (interval && !fit_interval(*interval, table, "inputs." + input.name + ".interval", report))
    interval.reset();
}

}  // namespace hostmeter::config::telegraf
