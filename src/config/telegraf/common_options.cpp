#include "config/telegraf/common_options.hpp"

namespace hostmeter::config::telegraf {
namespace {

constexpr Option<Common> kCommon[] = {
    {"alias", &Common::alias},
    {"interval", &Common::interval_ns},
    {"precision", Unsupported{Effect::none, {}, kNoTimestamps}},
    {"collection_jitter", &Common::collection_jitter_ns},
    {"collection_offset", &Common::collection_offset_ns},
    {"name_override", &Common::name_override},
    {"name_prefix", &Common::name_prefix},
    {"name_suffix", &Common::name_suffix},
    {"tags", &Common::tags},
    {"log_level",
     Unsupported{Effect::none, {}, "messages of all inputs have the level of the agent"}},
    {"startup_error_behavior",
     Unsupported{Effect::none,
                 {},
                 "an input that cannot be read yet is tried again at each interval, whatever is "
                 "written"}},
    {"time_source",
     Unsupported{Effect::none, "\"metric\"", "a value has the time at which it was read"}},
    {"skip_metrics_without_fields", Unsupported{Effect::none, {}, "there are none"}},
};

constexpr Option<Filters> kFilters[] = {
    {"namepass", &Filters::namepass},
    {"namepass_separator", &Filters::namepass_separator},
    {"namedrop", &Filters::namedrop},
    {"namedrop_separator", &Filters::namedrop_separator},
    {"fieldinclude", &Filters::fieldinclude, {}, true},
    {"fieldpass", &Filters::fieldinclude, {}, true},
    {"pass", &Filters::fieldinclude, {}, true},
    {"fieldexclude", &Filters::fieldexclude, {}, true},
    {"fielddrop", &Filters::fieldexclude, {}, true},
    {"drop", &Filters::fieldexclude, {}, true},
    {"tagpass", &Filters::tagpass},
    {"tagdrop", &Filters::tagdrop},
    {"taginclude", &Filters::taginclude},
    {"tagexclude", &Filters::tagexclude},
    {"metricpass",
     Unsupported{Effect::differs, "\"\"",
                 "expressions are not evaluated: what this one would keep out is served too; write "
                 "namepass, namedrop, tagpass or tagdrop"}},
};

}  // namespace

std::span<const Option<Common>> common_options() {
  return kCommon;
}

std::span<const Option<Filters>> filter_options() {
  return kFilters;
}

bool fit_interval(std::uint64_t& interval_ns, const toml::table& table, const std::string& what,
                  Report& report) {
  constexpr std::uint64_t kShortestNs = 100'000'000, kSecondNs = 1'000'000'000;
  const auto at = find_option(table, "interval");
  if (at == table.end()) return true;
  const toml::source_position& place = at->first.source().begin;
  if (interval_ns < kShortestNs) {
    report.add(Effect::differs, place, what,
               "is below 100ms: taken as not written; write a duration such as \"10s\"");
    return false;
  }
  // For "10.1s" the host would have to be read ten times a second.
  if (interval_ns < kSecondNs || interval_ns % kSecondNs == 0) return true;
  interval_ns = (interval_ns + kSecondNs / 2) / kSecondNs * kSecondNs;
  report.add(Effect::differs, place, what,
             "is no whole number of seconds: taken as " + std::to_string(interval_ns / kSecondNs) +
                 "s, for the host is read once a second");
  return true;
}

}  // namespace hostmeter::config::telegraf
