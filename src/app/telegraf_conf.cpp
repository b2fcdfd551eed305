#include "app/telegraf_conf.hpp"

#include <cstdlib>

#include "app/telegraf_settings.hpp"
#include "config/load.hpp"
#include "config/telegraf/recognition.hpp"

namespace hostmeter::app {
namespace {

namespace telegraf = config::telegraf;

std::optional<std::string> variable(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  return value ? std::optional<std::string>(value) : std::nullopt;
}

std::string counted(std::size_t count, const char* what) {
  return std::to_string(count) + ' ' + what + (count == 1 ? "" : "s");
}

}  // namespace

std::optional<telegraf::Loaded> load_telegraf(const Arguments& arguments) {
  // Telegraf, too, reads directories alone only when it is told so.
  const auto file = arguments.config || !arguments.config_directories.empty()
                        ? arguments.config
                        : std::optional<std::string>(config::kDefaultFile);
  if (arguments.config_directories.empty() && !config::is_telegraf_file(*file)) return {};
  telegraf::Loaded loaded = telegraf::load_conf_files(file, arguments.config_directories, variable);
  find_commands(loaded);
  return loaded;
}

std::vector<std::string> telegraf_findings(const telegraf::Loaded& loaded) {
  const telegraf::Settings& settings = loaded.settings;
  std::vector<std::string> lines = telegraf::write_table(loaded.findings, settings.files);
  lines.push_back(counted(settings.inputs.size(), "input") + " and " +
                  counted(settings.outputs.size(), "output") + " are taken" +
                  (telegraf::loses_something(loaded.findings)
                       ? "; what is marked LOST is not served"
                       : "; nothing is lost"));
  return lines;
}

}  // namespace hostmeter::app
