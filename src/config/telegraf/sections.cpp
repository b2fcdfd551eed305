#include "config/telegraf/sections.hpp"

#include <algorithm>
#include <functional>

#include "config/telegraf/agent.hpp"
#include "config/telegraf/docker_input.hpp"
#include "config/telegraf/inputs.hpp"
#include "config/telegraf/prometheus_client.hpp"

namespace hostmeter::config::telegraf {
namespace {

constexpr std::size_t kMostPlugins = 1'000;

constexpr std::string_view kSections[] = {"agent",      "inputs",      "outputs",     "global_tags",
                                          "processors", "aggregators", "secretstores"};

using ReadPlugin =
    std::function<void(std::string_view name, const toml::table&, const toml::source_position&)>;

// [[inputs.cpu]], and [inputs.cpu] as it was once.
void each_table(std::string_view section, std::string_view name, const toml::node& node,
                const toml::source_position& at, Report& report, const ReadPlugin& read) {
  if (const toml::table* table = node.as_table()) return read(name, *table, table->source().begin);
  const toml::array* list = node.as_array();
  if (list && !list->empty() && list->is_array_of_tables()) {
    for (const toml::node& each : *list) read(name, *each.as_table(), each.source().begin);
    return;
  }
  const std::string what = std::string(section) + '.' + printable(name);
  report.add(Effect::lost, at, what,
             "is " + std::string(in_words(node.type())) + ": left out; write [[" + what +
                 "]] above its options");
}

void each_plugin(std::string_view section, const toml::key& key, const toml::node& node,
                 Report& report, const ReadPlugin& read) {
  const toml::table* plugins = node.as_table();
  if (!plugins)
    return report.add(Effect::lost, key.source().begin, std::string(section),
                      "is " + std::string(in_words(node.type())) + ": left out; write [[" +
                          std::string(section) + ".NAME]] above the options of each");
  for (const auto& [name, each] : *plugins)
    each_table(section, name.str(), each, name.source().begin, report, read);
}

class Sections {
 public:
  Sections(Settings& settings, Report& report) : settings_(settings), report_(report) {}

  void section(const toml::key& key, const toml::node& node) {
    const std::string_view name = key.str();
    if (name == "agent" || name == "global_tags" || name == "tags") return plain(key, node);
    if (name == "inputs" || name == "plugins")
      return plugins("inputs", key, node, [&](auto plugin, const auto& table, const auto& at) {
        input(plugin, table, at);
      });
    if (name == "outputs")
      return plugins("outputs", key, node, [&](auto plugin, const auto& table, const auto& at) {
        output(plugin, table, at);
      });
    if (name == "processors")
      return never(key, node, Effect::lost,
                   "is not supported: metrics pass as they are; use metric_relabel_configs of "
                   "Prometheus");
    if (name == "aggregators")
      return never(key, node, Effect::lost,
                   "is not supported: none of its metrics is served; use recording rules of "
                   "Prometheus");
    if (name == "secretstores")
      return never(key, node, Effect::none, "is not read; what refers to it is said there");
    unknown(key, node);
  }

 private:
  void plain(const toml::key& key, const toml::node& node) {
    const toml::table* table = node.as_table();
    const std::string_view name = key.str();
    if (!table)
      report_.add(Effect::differs, key.source().begin, std::string(name),
                  "is " + std::string(in_words(node.type())) + ": left out; write [" +
                      std::string(name) + "] above its options");
    else if (name == "agent")
      read_agent(*table, settings_.agent, report_);
    else
      read_global_tags(*table, name, settings_, report_);
  }

  void plugins(std::string_view section, const toml::key& key, const toml::node& node,
               const ReadPlugin& read) {
    each_plugin(section, key, node, report_, read);
  }

  void input(std::string_view name, const toml::table& table, const toml::source_position& at) {
    if (settings_.inputs.size() >= kMostPlugins)
      return report_.add(Effect::lost, at, "inputs." + printable(name),
                         "is left out: there are more than 1000 inputs");
    auto read = read_input(name, table, report_);
    if (read && fits(*read, at)) settings_.inputs.push_back(std::move(*read));
  }

  // An engine is known by its runtime: there is one of each.
  bool fits(const Input& input, const toml::source_position& at) {
    const auto* docker = std::get_if<Docker>(&input.plugin);
    for (const Input& other : settings_.inputs) {
      const auto* engine = std::get_if<Docker>(&other.plugin);
      if (!docker || !engine || runtime_of(*docker) != runtime_of(*engine)) continue;
      if (!is_same_socket(docker->endpoint, engine->endpoint)) {
        report_.add(Effect::lost, at, "inputs.docker",
                    "is of a second engine, \"" + printable(docker->endpoint) + "\" beside \"" +
                        printable(engine->endpoint) +
                        "\": the whole input is left out; run another agent for it");
        return false;
      }
      if (docker->timeout_ns != engine->timeout_ns)
        report_.add(Effect::differs, at, "inputs.docker.timeout",
                    "is not that of another input of the same engine: the longest counts");
    }
    return true;
  }

  void output(std::string_view name, const toml::table& table, const toml::source_position& at) {
    const std::string what = "outputs." + printable(name);
    if (name != "prometheus_client")
      return report_.add(Effect::lost, at, what,
                         "is not supported: nothing is sent there; let Prometheus fetch from "
                         "[[outputs.prometheus_client]]");
    auto read = read_prometheus_client(table, report_);
    if (!read) return;
    for (const PrometheusClient& other : settings_.outputs)
      if (clash(other.address, read->address))
        return report_.add(Effect::lost, at, what,
                           '"' + to_string(read->address) +
                               "\" is already taken by another: nothing is served here; choose "
                               "another port");
    if (settings_.outputs.size() < kMostPlugins)
      settings_.outputs.push_back(std::move(*read));
    else
      report_.add(Effect::lost, at, what, "is left out: there are more than 1000 outputs");
  }

  void never(const toml::key& key, const toml::node& node, Effect effect, std::string_view why) {
    each_plugin(key.str(), key, node, report_,
                [&](auto name, const auto&, const toml::source_position& at) {
                  report_.add(effect, at, std::string(key.str()) + '.' + printable(name),
                              std::string(why));
                });
  }

  // In the first versions inputs had no section.
  void unknown(const toml::key& key, const toml::node& node) {
    const std::string_view name = key.str();
    if (node.is_table() || node.is_array_of_tables())
      return each_table(
          "inputs", name, node, key.source().begin, report_,
          [&](auto plugin, const auto& table, const auto& at) { input(plugin, table, at); });
    report_.add(Effect::differs, key.source().begin, printable(name),
                "stands above all tables: has no effect; move it below the one it belongs to");
  }

  Settings& settings_;
  Report& report_;
};

}  // namespace

bool is_section(std::string_view table) {
  return std::find(std::begin(kSections), std::end(kSections), table) != std::end(kSections);
}

void read_sections(const Document& document, Settings& settings, Report& report) {
  const std::size_t first_input = settings.inputs.size();
  Sections sections(settings, report);
  for (const auto& [key, node] : document.root) sections.section(key, node);
  // TOML's tables come by name.
  std::stable_sort(settings.inputs.begin() + std::ptrdiff_t(first_input), settings.inputs.end(),
                   [](const Input& one, const Input& other) {
                     return one.origin.table.line < other.origin.table.line;
                   });
}

}  // namespace hostmeter::config::telegraf
