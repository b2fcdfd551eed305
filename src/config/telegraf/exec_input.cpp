#include "config/telegraf/exec_input.hpp"

#include <algorithm>

#include "config/telegraf/command_words.hpp"

namespace hostmeter::config::telegraf {
namespace {

constexpr std::size_t kMostCommands = 1'000;

constexpr std::string_view kVersions[] = {"0", "1", "2"};
constexpr std::string_view kDataTypes[] = {"",     "int",     "integer",      "float",
                                           "long", "str",     "string",       "base64",
                                           "bool", "boolean", "auto_integer", "auto_float"};
constexpr const char* kStderr =
    "the first lines of what a command says on standard error are in the log when its run fails";
constexpr const char* kOneParser = "there is one parser, and it takes what both of Telegraf's take";

constexpr Option<Exec> kExec[] = {
    {"commands", ReadElsewhere{}},
    {"command", ReadElsewhere{}},
    {"data_format", ReadElsewhere{}},
    {"influx_timestamp_precision", Unsupported{Effect::none, {}, kNoTimestamps}},
    {"environment", &Exec::environment},
    {"timeout", &Exec::timeout_ns},
    {"ignore_error", &Exec::ignore_error},
    {"log_stderr", Unsupported{Effect::none, "false", kStderr}},
    {"prometheus_metric_version", &Exec::prometheus_metric_version, kVersions},
    {"prometheus_ignore_timestamp", Unsupported{Effect::none, {}, kNoTimestamps}},
    {"influx_parser_type", Unsupported{Effect::none, {}, kOneParser}},
    {"data_type", &Exec::data_type, kDataTypes},
    {"value_field_name", &Exec::value_field_name},
};

constexpr Option<JsonFormat> kJson[] = {
    {"tag_keys", &JsonFormat::tag_keys},
    {"json_string_fields", &JsonFormat::string_fields},
    {"json_query", &JsonFormat::query},
    {"json_name_key", &JsonFormat::name_key},
    {"json_time_key", Unsupported{Effect::none, "\"\"", kNoTimestamps}},
    {"json_time_format", Unsupported{Effect::none, "\"\"", kNoTimestamps}},
    {"json_timezone", Unsupported{Effect::none, "\"\"", kNoTimestamps}},
    {"json_strict", &JsonFormat::strict},
};

struct Format {
  std::string_view name;
  DataFormat format;
};
constexpr Format kFormats[] = {{"", DataFormat::json},
                               {"influx", DataFormat::influx},
                               {"influx_upstream", DataFormat::influx},
                               {"json", DataFormat::json},
                               {"nagios", DataFormat::nagios},
                               {"prometheus", DataFormat::prometheus},
                               {"value", DataFormat::value}};

Value value_at(const toml::table::const_iterator& at, std::string_view name) {
  return {at->second, at->first.source().begin, "inputs.exec." + std::string(name), {}, {}};
}

void lost(const Value& value, std::string why, Report& report) {
  report.add(Effect::lost, value.key, value.what, std::move(why));
}

bool read_format(const toml::table& table, Exec& exec, Report& report) {
  const auto found = find_option(table, "data_format");
  if (found == table.end()) return true;
  const Value value = value_at(found, "data_format");
  std::string name;
  if (!set(name, value, report)) {
    lost(value, "no output can be read: no command of this input is run", report);
    return false;
  }
  const auto* known = std::find_if(std::begin(kFormats), std::end(kFormats),
                                   [&](const Format& each) { return each.name == name; });
  if (known == std::end(kFormats)) {
    lost(value,
         '"' + printable(name) +
             "\" is not read: no command of this input is run; let them print \"prometheus\", "
             "\"influx\", \"json\", \"nagios\" or \"value\"",
         report);
    return false;
  }
  exec.format = known->format;
  return true;
}

void add_command(Command command, const Value& value, Exec& exec, Report& report) {
  if (command.words.empty() || command.words.front().empty())
    return lost(value, "is empty: nothing is run; name a command", report);
  if (exec.commands.size() == kMostCommands)
    return lost(value, "has more than 1000 commands: the others are not run", report);
  exec.commands.push_back(std::move(command));
}

// "/app/check.sh --all", or ["/app/check.sh", "--all"] as since Telegraf 1.37.
void read_command(const toml::node& node, const Value& value, Exec& exec, Report& report) {
  const Place place = report.place(node.source().begin);
  if (const auto* line = node.as_string()) {
    auto words = command_words(line->get());
    if (words) return add_command({place, std::move(*words)}, value, exec, report);
    return lost({node, node.source().begin, value.what, {}, {}},
                '"' + printable(line->get()) +
                    "\" has a quote without its other one: it is not run; close the quote",
                report);
  }
  std::vector<std::string> words;
  const Value list{node, node.source().begin, value.what, {}, {}};
  if (node.is_array() && set(words, list, report))
    return add_command({place, std::move(words)}, value, exec, report);
  lost(list, "is " + std::string(in_words(node.type())) + ": it is not run; write a string",
       report);
}

void read_commands(const toml::table& table, Exec& exec, Report& report) {
  const auto many = find_option(table, "commands");
  if (many != table.end()) {
    const Value value = value_at(many, "commands");
    const toml::array* list = many->second.as_array();
    if (!list)
      lost(value,
           "is " + std::string(in_words(many->second.type())) +
               ": nothing is run; write a list such as [\"/app/check.sh\"]",
           report);
    for (std::size_t i = 0; list && i < list->size(); ++i)
      read_command((*list)[i], value, exec, report);
  }
  const auto one = find_option(table, "command");
  if (one != table.end()) read_command(one->second, value_at(one, "command"), exec, report);
}

// Other words for the same.
void settle(Exec& exec) {
  if (exec.prometheus_metric_version == 0) exec.prometheus_metric_version = 2;
  if (exec.value_field_name.empty()) exec.value_field_name = "value";
  if (exec.data_type.empty() || exec.data_type == "integer") exec.data_type = "int";
  if (exec.data_type == "long") exec.data_type = "float";
  if (exec.data_type == "str") exec.data_type = "string";
  if (exec.data_type == "boolean") exec.data_type = "bool";
}

void check_data_type(const Exec& exec, const toml::table& table, Report& report) {
  if (exec.format == DataFormat::value && exec.data_type == "base64")
    report.add(Effect::lost, find_option(table, "data_type")->first.source().begin,
               "inputs.exec.data_type", "\"base64\" is no figure: nothing is taken");
}

void check_environment(Exec& exec, const toml::table& table, Report& report) {
  std::erase_if(exec.environment, [&](const std::string& entry) {
    const bool wrong = entry.find('=') == std::string::npos || entry.starts_with('=') ||
                       entry.find('\0') != std::string::npos;
    if (wrong)
      report.add(Effect::differs, find_option(table, "environment")->first.source().begin,
                 "inputs.exec.environment",
                 '"' + printable(entry) + "\" is left out; write \"NAME=value\"");
    return wrong;
  });
}

// Scripts have a rhythm of their own.
void check_timing(const toml::table& table, Common& common, Report& report) {
  constexpr std::uint64_t kSecondNs = 1'000'000'000;
  auto& interval = common.interval_ns;
  if (interval && !fit_interval(*interval, table, "inputs.exec.interval", report)) interval.reset();
  if (interval && *interval < kSecondNs) {
    interval = kSecondNs;
    report.add(Effect::differs, find_option(table, "interval")->first.source().begin,
               "inputs.exec.interval", "is taken as 1s: no command runs more often");
  }
  for (const std::string_view name : {"collection_jitter", "collection_offset"})
    if (const auto at = find_option(table, name); at != table.end())
      report.add(Effect::differs, at->first.source().begin, "inputs.exec." + std::string(name),
                 "has no effect here: a command is run at each interval, at a moment of it that "
                 "its name decides");
}

}  // namespace

bool read_exec(const toml::table& table, Input& input, Report& report) {
  Exec exec;
  if (!read_format(table, exec, report)) return false;
  read_commands(table, exec, report);
  read_options(table, "inputs.exec", input.origin, report, Part<Exec>{kExec, exec},
               Part<JsonFormat>{kJson, exec.json}, Part<Common>{common_options(), input.common},
               Part<Filters>{filter_options(), input.filters});
  settle(exec);
  check_environment(exec, table, report);
  check_data_type(exec, table, report);
  check_timing(table, input.common, report);
  if (exec.commands.empty())
    report.add(Effect::differs, table.source().begin, "inputs.exec",
               "has no command: nothing is run; write commands = [\"/app/check.sh\"]");
  input.plugin = std::move(exec);
  return true;
}

}  // namespace hostmeter::config::telegraf
