#include "app/settings.hpp"

#include <spdlog/spdlog.h>
#include <unistd.h>

#include "app/log.hpp"
#include "app/readers.hpp"
#include "app/telegraf_conf.hpp"
#include "app/telegraf_settings.hpp"
#include "collect/all.hpp"
#include "config/load.hpp"
#include "hostmeter/base/text.hpp"

namespace hostmeter::app {
namespace {

constexpr std::string_view kContainerLabels[] = {"id",        "name", "image",
                                                 "namespace", "pod",  "container"};
constexpr std::string_view kLevels[] = {"debug", "info", "warning", "error"};

std::vector<std::string_view> metric_labels() {
  std::vector<std::string_view> labels(std::begin(kContainerLabels), std::end(kContainerLabels));
  for (const CollectorSpec* collector : collect::all())
    for (const MetricDesc& metric : collector->metrics)
      for (Text names(metric.labels); !names.empty();) labels.push_back(names.until(','));
  return labels;
}

void apply_level(config::Settings& settings, std::string_view word) {
  for (std::size_t i = 0; i < std::size(kLevels); ++i)
    if (kLevels[i] == word) settings.log.level = config::LogLevel(i);
}

}  // namespace

std::string file_in_force(const Arguments& arguments) {
  if (arguments.config) return *arguments.config;
  if (!arguments.config_directories.empty()) return arguments.config_directories.front();
  return ::access(config::kDefaultFile, F_OK) == 0 ? config::kDefaultFile : "default configuration";
}

std::vector<std::string> all_files(const Arguments& arguments) {
  std::vector<std::string> files = arguments.more_configs;
  files.insert(files.begin(), arguments.config.value_or(config::kDefaultFile));
  files.insert(files.end(), arguments.config_directories.begin(),
               arguments.config_directories.end());
  return files;
}

std::string_view to_string(config::LogLevel level) {
  return kLevels[std::size_t(level)];
}

namespace {

config::LoadedSettings load_own(const Arguments& arguments) {
  const std::vector<std::string_view> readers = reader_names(), labels = metric_labels();
  if (!arguments.more_configs.empty())
    return {{}, {"--config is given again: only a telegraf.conf can be in several files"}};
  const auto missing = arguments.config ? config::Missing::is_a_problem : config::Missing::is_fine;
  return config::load_file(
      arguments.config.value_or(config::kDefaultFile), missing,
      {.readers = readers, .metric_labels = labels, .fixed_readers = fixed_readers()});
}

config::LoadedSettings load_theirs(const config::telegraf::Loaded& conf) {
  if (!conf) return {{}, conf.problems};
  config::LoadedSettings loaded{settings_for(conf.settings), {}};
  if (loaded.settings.listeners.empty())
    loaded.problems.push_back(
        "none of the outputs can be served; write [[outputs.prometheus_client]]");
  return loaded;
}

std::variant<config::Settings, std::vector<std::string>> with_arguments(
    config::LoadedSettings loaded, const Arguments& arguments) {
  if (arguments.log_level) apply_level(loaded.settings, *arguments.log_level);
  if (arguments.listen) {
    const auto address = config::parse_address(*arguments.listen);
    if (const auto* problem = std::get_if<std::string>(&address))
      loaded.problems.push_back("--listen " + *arguments.listen + ": " + *problem);
    else if (!loaded.settings.listeners.empty())
      loaded.settings.listeners.front().address = std::get<config::Address>(address);
  }
  if (!loaded) return std::move(loaded.problems);
  return std::move(loaded.settings);
}

// Whoever keeps the log quiet does not mean that something may be lost in silence.
void say(const config::telegraf::Loaded& conf) {
  const std::vector<std::string> lines = telegraf_findings(conf);
  const bool loses = config::telegraf::loses_something(conf.findings);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const bool is_sum = i >= conf.findings.size();
    if (is_sum ? loses : conf.findings[i].effect != config::telegraf::Effect::none)
      warn_always(lines[i]);
    else
      spdlog::info("{}", lines[i]);
  }
}

}  // namespace

std::variant<config::Settings, std::vector<std::string>> load_settings(const Arguments& arguments) {
  const auto conf = load_telegraf(arguments);
  return with_arguments(conf ? load_theirs(*conf) : load_own(arguments), arguments);
}

std::optional<config::Settings> settings_or_say(const Arguments& arguments) {
  const auto conf = load_telegraf(arguments);
  if (conf && *conf) say(*conf);
  auto loaded = with_arguments(conf ? load_theirs(*conf) : load_own(arguments), arguments);
  if (auto* settings = std::get_if<config::Settings>(&loaded)) return std::move(*settings);
  for (const std::string& problem : std::get<std::vector<std::string>>(loaded))
    spdlog::error("{}", problem);
  return {};
}

store::ContainerFilter container_filter(const config::Settings& settings) {
  const config::Runtimes& runtimes = settings.runtimes;
  return {.names = runtimes.names, .images = runtimes.images, .labels = runtimes.label_values};
}

}  // namespace hostmeter::app
