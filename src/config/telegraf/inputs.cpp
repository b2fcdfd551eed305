#include "config/telegraf/inputs.hpp"

#include <algorithm>

#include "config/nearest.hpp"
#include "config/telegraf/docker_input.hpp"
#include "config/telegraf/exec_input.hpp"
#include "config/telegraf/host_inputs.hpp"

namespace hostmeter::config::telegraf {
namespace {

// What is done of a whole input elsewhere, or never.
struct Elsewhere {
  std::string_view name, mend;
};
constexpr Elsewhere kElsewhere[] = {
    {"cgroup", "figures of all containers come with inputs.docker"},
    {"docker_log", "logs are no metrics; leave them to a collector of logs"},
    {"execd", "write a script that ends, for inputs.exec"},
    {"file", "write a script that prints the file, for inputs.exec"},
    {"http_response", "write a script for inputs.exec, or use Prometheus's blackbox exporter"},
    {"ping", "write a script for inputs.exec, or use Prometheus's blackbox exporter"},
    {"prometheus", "let Prometheus itself fetch from there"},
    {"sensors", "on a listener of its own, contract \"standard\" has node_hwmon_*"},
    {"tail", "logs are no metrics; leave them to a collector of logs"},
    {"temp", "on a listener of its own, contract \"standard\" has node_hwmon_*"},
    {"x509_cert", "write a script for inputs.exec"},
};

std::vector<std::string_view> names() {
  const auto host = host_input_names();
  std::vector<std::string_view> all(host.begin(), host.end());
  all.insert(all.end(), {"docker", "exec"});
  return all;
}

std::string mend_for(std::string_view name) {
  for (const Elsewhere& each : kElsewhere)
    if (each.name == name) return std::string(each.mend);
  const auto all = names();
  const std::string_view near = nearest(name, all);
  // Of two short names that differ in two letters, both may be Telegraf's.
  if (!near.empty() && (edit_distance(name, near) < 2 || near.size() > 6))
    return "did you mean inputs." + std::string(near) + '?';
  return "leave Telegraf to it, or write a script for inputs.exec";
}

}  // namespace

bool is_input(std::string_view name) {
  const auto all = names();
  return name == "io" || std::find(all.begin(), all.end(), name) != all.end();
}

void say_lost_input(std::string_view name, const toml::source_position& at, Report& report) {
  report.add(Effect::lost, at, "inputs." + printable(name),
             "is not supported: none of its metrics is served; " + mend_for(name));
}

std::optional<Input> read_input(std::string_view name, const toml::table& table, Report& report) {
  Input input;
  input.name = name == "io" ? "diskio" : name;  // until Telegraf 0.10
  input.origin.table = report.place(table.source().begin);
  if (input.name == "docker")
    return read_docker(table, input, report) ? std::optional(std::move(input)) : std::nullopt;
  if (input.name == "exec")
    return read_exec(table, input, report) ? std::optional(std::move(input)) : std::nullopt;
  if (read_host_input(table, input, report)) return input;
  say_lost_input(name, table.source().begin, report);
  return {};
}

}  // namespace hostmeter::config::telegraf
