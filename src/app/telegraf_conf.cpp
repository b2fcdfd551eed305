#include "app/telegraf_conf.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "app/serving.hpp"
#include "app/telegraf_settings.hpp"
#include "config/load.hpp"
#include "config/telegraf/recognition.hpp"

namespace hostmeter::app {
namespace {

namespace telegraf = config::telegraf;

constexpr const char* kRoot = "/";

std::optional<std::string> variable(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  return value ? std::optional<std::string>(value) : std::nullopt;
}

std::string host_variable(const char* name) {
  return variable(name).value_or("");
}

// Where mount points of the host are, to Telegraf what it takes off their names.
std::string host_root() {
  const std::string prefix = host_variable("HOST_MOUNT_PREFIX");
  return prefix.empty() ? host_variable("HOST_ROOT") : prefix;
}

// Telegraf, too, reads directories alone only when it is told so.
std::vector<std::string> files_of(const Arguments& arguments) {
  std::vector<std::string> files = arguments.more_configs;
  if (arguments.config) files.insert(files.begin(), *arguments.config);
  if (files.empty() && arguments.config_directories.empty()) files = {config::kDefaultFile};
  return files;
}

bool is_telegraf(const Arguments& arguments, const std::vector<std::string>& files) {
  return !arguments.config_directories.empty() ||
         std::any_of(files.begin(), files.end(), config::is_telegraf_file);
}

void add(telegraf::Loaded& loaded, telegraf::Effect effect, const std::string& what,
         const std::string& instead) {
  loaded.findings.push_back({effect, {}, what, instead});
}

void say_host_variables(telegraf::Loaded& loaded, const Paths& paths) {
  const struct {
    const char *name, *flag, *unless;
    bool is_given;
  } taken[] = {{"HOST_PROC", "--procfs", "", paths.procfs_is_given},
               {"HOST_SYS", "--sysfs", "", paths.sysfs_is_given},
               {"HOST_MOUNT_PREFIX", "--root", "", paths.root_is_given},
               {"HOST_ROOT", "--root", ", unless HOST_MOUNT_PREFIX is set", paths.root_is_given}};
  for (const auto& one : taken) {
    if (host_variable(one.name).empty()) continue;
    const std::string flag = one.flag;
    add(loaded, telegraf::Effect::none, std::string("$") + one.name,
        one.is_given ? "has no effect: " + flag + " is given" : "is taken as " + flag + one.unless);
  }
  const std::string root =
      paths.root_is_given ? (paths.root == kRoot ? "" : paths.root) : host_root();
  for (const char* name : {"etc", "var", "run", "dev"}) {
    std::string upper = "HOST_";
    for (const char* c = name; *c != 0; ++c) upper += char(*c - 'a' + 'A');
    const std::string path = host_variable(upper.c_str());
    if (!path.empty() && path != root + '/' + name)
      add(loaded, telegraf::Effect::differs, '$' + upper,
          std::string("is not looked at: /") + name +
              " of the host is read below --root, or HOST_MOUNT_PREFIX");
  }
}

// An output whose files cannot be read costs itself, and no other.
void look_at_tls(telegraf::Loaded& loaded) {
  for (const config::Listener& listener : settings_for(loaded.settings).listeners)
    if (const auto wrong = why_not_guarded(listener))
      loaded.findings.push_back({telegraf::Effect::lost,
                                 loaded.settings.outputs[listener.output].origin.table,
                                 "outputs.prometheus_client",
                                 *wrong + ": nothing is served here; mend that and restart"});
}

std::string counted(std::size_t count, const char* what) {
  return std::to_string(count) + ' ' + what + (count == 1 ? "" : "s");
}

}  // namespace

std::optional<telegraf::Loaded> load_telegraf(const Arguments& arguments) {
  const std::vector<std::string> files = files_of(arguments);
  if (!is_telegraf(arguments, files)) return {};
  telegraf::Loaded loaded =
      telegraf::load_conf_files(files, arguments.config_directories, variable);
  find_commands(loaded);
  look_at_tls(loaded);
  say_host_variables(loaded, arguments.paths);
  return loaded;
}

Paths paths_of(const Arguments& arguments) {
  Paths paths = arguments.paths;
  if (!is_telegraf(arguments, files_of(arguments))) return paths;
  const std::string proc = host_variable("HOST_PROC"), sys = host_variable("HOST_SYS");
  if (const std::string root = host_root(); !paths.root_is_given && !root.empty()) {
    paths.root = root;
    // Telegraf does not look for these below it.
    if (!paths.procfs_is_given && ::access((root + "/proc/loadavg").c_str(), F_OK) != 0)
      paths.procfs = "/proc";
    if (!paths.sysfs_is_given && ::access((root + "/sys/class").c_str(), F_OK) != 0)
      paths.sysfs = "/sys";
  }
  if (!paths.procfs_is_given && !proc.empty()) paths.procfs = proc;
  if (!paths.sysfs_is_given && !sys.empty()) paths.sysfs = sys;
  return paths;
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
