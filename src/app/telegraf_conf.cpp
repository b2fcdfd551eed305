#include "app/telegraf_conf.hpp"

#include <cstdio>
#include <cstdlib>

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
  return telegraf::load_conf_files(file, arguments.config_directories, variable);
}

int check_telegraf(const telegraf::Loaded& loaded) {
  if (!loaded) {
    for (const std::string& problem : loaded.problems)
      std::fprintf(stderr, "%s\n", problem.c_str());
    std::fprintf(stderr, "%s: hostmeter would not start\n",
                 counted(loaded.problems.size(), "problem").c_str());
    return kFailed;
  }
  const telegraf::Settings& settings = loaded.settings;
  for (const std::string& line : telegraf::write_table(loaded.findings, settings.files))
    std::printf("%s\n", line.c_str());
  std::printf("%s and %s are taken", counted(settings.inputs.size(), "input").c_str(),
              counted(settings.outputs.size(), "output").c_str());
  const bool loses = telegraf::loses_something(loaded.findings);
  std::printf("%s\n", loses ? "; what is marked LOST is not served" : "; nothing is lost");
  return loses ? kLoses : kOk;
}

}  // namespace hostmeter::app
