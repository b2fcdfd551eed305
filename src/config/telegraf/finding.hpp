// What of a telegraf.conf is done differently here, or cannot be done.
#pragma once
#include <span>
#include <string>
#include <vector>

#include "config/telegraf/settings.hpp"

namespace hostmeter::config::telegraf {

enum class Effect : std::uint8_t {
  none,     // on no metric: the option has no meaning here
  differs,  // all is served, but not as the file says
  lost,     // series are missing, or nobody gets them
};

struct Finding {
  Effect effect = Effect::none;
  Place place;
  std::string what;     // "outputs.influxdb", "agent.flush_jitter"
  std::string instead;  // what happens instead, and how to mend it
  friend bool operator==(const Finding&, const Finding&) = default;
};

std::string_view to_string(Effect effect);

// "telegraf.conf:12"
std::string to_string(const Place& place, const std::vector<std::string>& files);

bool loses_something(std::span<const Finding> findings);

// One line for each, in aligned columns.
std::vector<std::string> write_table(std::span<const Finding> findings,
                                     const std::vector<std::string>& files);

}  // namespace hostmeter::config::telegraf
