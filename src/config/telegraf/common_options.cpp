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

}  // namespace hostmeter::config::telegraf
