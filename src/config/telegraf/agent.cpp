#include "config/telegraf/agent.hpp"

#include "config/telegraf/common_options.hpp"

namespace hostmeter::config::telegraf {
namespace {

constexpr const char* kLogGoesOut =
    "the log goes to standard error, for the service or container that runs it to keep";
constexpr const char* kNoProcessors = "there are no processors";

constexpr Option<Agent> kAgent[] = {
    {"interval", &Agent::interval_ns},
    {"round_interval", &Agent::round_interval},
    {"collection_jitter", &Agent::collection_jitter_ns},
    {"collection_offset", &Agent::collection_offset_ns},
    {"precision", Unsupported{Effect::none, {}, kNoTimestamps}},
    {"debug", &Agent::debug},
    {"quiet", &Agent::quiet},
    {"hostname", &Agent::hostname},
    {"omit_hostname", &Agent::omit_hostname},
    {"always_include_local_tags", &Agent::always_include_local_tags},
    {"always_include_global_tags", &Agent::always_include_global_tags},
    {"metric_batch_size", Unsupported{Effect::none, {}, kNothingIsSent}},
    {"metric_buffer_limit", Unsupported{Effect::none, {}, kNothingIsSent}},
    {"flush_interval", Unsupported{Effect::none, {}, kNothingIsSent}},
    {"flush_jitter", Unsupported{Effect::none, {}, kNothingIsSent}},
    {"flush_buffer_when_full", Unsupported{Effect::none, {}, kNothingIsSent}},
    {"buffer_strategy", Unsupported{Effect::none, {}, kNothingIsSent}},
    {"buffer_directory", Unsupported{Effect::none, {}, kNothingIsSent}},
    {"buffer_disk_sync", Unsupported{Effect::none, {}, kNothingIsSent}},
    {"logtarget", Unsupported{Effect::none, "\"stderr\"", kLogGoesOut}},
    {"logfile", Unsupported{Effect::none, "\"\"", kLogGoesOut}},
    {"logformat", Unsupported{Effect::none, "\"text\"", kLogGoesOut}},
    {"logfile_rotation_interval", Unsupported{Effect::none, {}, kLogGoesOut}},
    {"logfile_rotation_max_size", Unsupported{Effect::none, {}, kLogGoesOut}},
    {"logfile_rotation_max_archives", Unsupported{Effect::none, {}, kLogGoesOut}},
    {"log_with_timezone", Unsupported{Effect::none, "\"\"", kLogGoesOut}},
    {"structured_log_message_key", Unsupported{Effect::none, "\"\"", kLogGoesOut}},
    {"snmp_translator", Unsupported{Effect::none, {}, "no input here asks by SNMP"}},
    {"statefile", Unsupported{Effect::none, "\"\"", "no input here has a state to keep"}},
    {"skip_processors_before_aggregators", Unsupported{Effect::none, {}, kNoProcessors}},
    {"skip_processors_after_aggregators", Unsupported{Effect::none, {}, kNoProcessors}},
    {"config_url_retry_attempts", Unsupported{Effect::none, {}, "configurations are files here"}},
    {"utc", Unsupported{Effect::none, {}, "has no effect in Telegraf either"}},
};

}  // namespace

void read_agent(const toml::table& table, Agent& agent, Report& report) {
  const std::uint64_t before = agent.interval_ns;
  agent.origin.table = report.place(table.source().begin);
  read_options(table, "agent", agent.origin, report, Part<Agent>{kAgent, agent});
  if (!fit_interval(agent.interval_ns, table, "agent.interval", report)) agent.interval_ns = before;
}

void read_global_tags(const toml::table& table, std::string_view name, Settings& settings,
                      Report& report) {
  settings.global_tags_origin.table = report.place(table.source().begin);
  const Value value{table, table.source().begin, std::string(name), {}, {}};
  if (!set(settings.global_tags, value, report)) return;
  for (const auto& [key, node] : table)
    if (node.is_string())
      settings.global_tags_origin.options.emplace_back(key.str(), report.place(key.source().begin));
}

}  // namespace hostmeter::config::telegraf
