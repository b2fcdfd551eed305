#include "app/scripts.hpp"

#include <grp.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <filesystem>
#include <optional>

#include "base/open_file.hpp"
#include "hostmeter/base/text.hpp"
#include "source/script/identity.hpp"
#include "source/script/script_follower.hpp"
#include "source/script/telegraf_profile.hpp"

namespace hostmeter::app {
namespace {

using source::script::Allowances;
using source::script::Limits;
using source::script::Plan;
using source::script::SharedSupervisor;
using source::script::Supervisor;

constexpr const char* kNobody = "nobody";
constexpr const char* kRoot = "/";
constexpr std::uint32_t kPermillePerPercent = 10;

// By name or number.
std::optional<std::uint32_t> group_id(const std::string& group) {
  std::vector<char> buffer(64U << 10);
  ::group entry{}, *found = nullptr;
  if (::getgrnam_r(group.c_str(), &entry, buffer.data(), buffer.size(), &found) == 0 && found)
    return found->gr_gid;
  const auto number = Text::to_number(group);
  if (number && *number < ~std::uint32_t{0}) return std::uint32_t(*number);
  return {};
}

std::uint64_t capability_bits(const std::vector<std::string>& names) {
  std::uint64_t bits = 0;
  for (const std::string& name : names)
    if (const auto number = base::capability_called(name))
      bits |= base::CapabilitySet{*number}.bits();
  return bits;
}

Limits to_limits(const config::Script& script) {
  const config::ScriptLimits& limits = script.limits;
  return {.wall_ns = script.timeout_ns,
          .grace_ns = script.grace_ns,
          .memory_bytes = limits.memory_bytes,
          .tmp_bytes = limits.tmp_bytes,
          .file_bytes = limits.file_bytes,
          .processes = std::uint32_t(limits.processes),
          .open_files = std::uint32_t(limits.open_files),
          .cpu_permille = std::uint32_t(limits.cpu_percent) * kPermillePerPercent};
}

// Nothing: one of its groups is not there, and then why is about it.
std::optional<Allowances> to_allowances(const config::Script& script,
                                        const config::Settings& settings, std::string& missing) {
  if (script.profile == config::ScriptProfile::telegraf) {
    const config::Engine& docker = settings.runtimes.docker;
    const std::vector<std::string> endpoints(docker.enabled ? 1 : 0, docker.endpoint);
    return source::script::telegraf_allowances(endpoints);
  }
  const config::ScriptAllowances& wanted = script.allow;
  Allowances allow;
  allow.network = wanted.network;
  allow.read = wanted.read;
  allow.write = wanted.write;
  allow.sockets = wanted.sockets;
  allow.devices = wanted.devices;
  allow.secrets = wanted.secrets;
  allow.capabilities = capability_bits(wanted.capabilities);
  for (const std::string& group : wanted.groups) {
    const auto id = group_id(group);
    if (!id) {
      missing = group;
      return {};
    }
    allow.groups.push_back(*id);
  }
  return allow;
}

parse::OutputOptions to_output(const config::Script& script) {
  static_assert(int(config::ScriptFormat::value) == int(parse::Format::value));
  parse::OutputOptions output;
  output.format = parse::Format(script.format);
  output.name = script.parse.name;
  output.naming.string_as_label = script.parse.strings_as_labels;
  output.json.query = script.parse.query;
  output.json.tag_keys = script.parse.tags;
  output.naming.keeps_origin = script.parse.keeps_origin;
  output.json.string_fields = script.parse.string_fields;
  output.json.name_key = script.parse.name_key;
  output.json.strict = script.parse.strict;
  output.value.field = script.parse.field;
  output.value.type = parse::value_type(config::kScriptDataTypes[script.parse.data_type])
                          .value_or(output.value.type);
  return output;
}

std::string called(const config::Script& script) {
  return '"' + (script.name.empty() ? script.run.front() : script.name) + '"';
}

Plan to_plan(const config::Script& script, Allowances allow) {
  Plan plan;
  plan.name = script.name;
  plan.run = script.run;
  plan.arguments = script.arguments;
  plan.environment = script.environment;
  plan.interval_ns = script.interval_ns;
  plan.limits = to_limits(script);
  plan.allow = std::move(allow);
  plan.ignore_error = script.ignore_error;
  plan.most_series = script.limits.series;
  plan.most_bytes = script.limits.output_bytes;
  plan.most_line_bytes = script.limits.line_bytes;
  plan.output = to_output(script);
  return plan;
}

bool runs_any(const config::Scripts& scripts) {
  return scripts.enabled && (!scripts.each.empty() || !scripts.directories.empty());
}

bool is_recorded(const Paths& paths) {
  source::Host host;
  return !open_host(paths, host).empty() || !host.live;
}

}  // namespace

ScriptPlans script_plans(const config::Settings& settings) {
  ScriptPlans made;
  const config::Scripts& scripts = settings.scripts;
  if (!scripts.enabled) return made;
  for (const config::Script& script : scripts.each) {
    std::string missing;
    if (auto allow = to_allowances(script, settings, missing))
      made.plans.push_back(to_plan(script, std::move(*allow)));
    else
      made.remarks.push_back(
          {.reader = {},
           .what = "script " + called(script) + " is not run: there is no group " + missing,
           .mend = "make that group, or take it out of groups, and reload"});
  }
  for (const std::string& directory : scripts.directories) {
    config::Script usual;
    usual.run = {directory + "/*"};
    usual.interval_ns = scripts.interval_ns;
    usual.timeout_ns = scripts.timeout_ns;
    made.plans.push_back(to_plan(usual, {}));
  }
  return made;
}

base::CapabilitySet grantable(const config::Scripts& scripts) {
  std::uint64_t bits = 0;
  for (const config::Script& script : scripts.each)
    if (script.profile == config::ScriptProfile::none)
      bits |= capability_bits(script.allow.capabilities);
  return base::CapabilitySet::from_bits(bits);
}

Supervisor::Options supervisor_options(const config::Scripts& scripts,
                                       const std::vector<std::string>& configuration) {
  Supervisor::Options options{.most = unsigned(scripts.most),
                              .strict = scripts.strict,
                              .user = {},
                              .hidden = scripts.hidden,
                              .grantable = grantable(scripts)};
  // Whatever it is called, root is not for scripts.
  const std::array names{scripts.user.c_str(), kNobody};
  for (const char* name : names) {
    const auto user = source::script::find_user(std::span(&name, 1));
    if (!user || user->uid == 0) continue;
    options.user = *user;
    break;
  }
  for (const std::string& path : configuration) {
    std::error_code failure;
    const auto real = std::filesystem::canonical(path, failure);
    if (!failure) options.hidden.push_back(real.string());
  }
  return options;
}

std::string why_another_user(const config::Scripts& scripts) {
  const char* const name = scripts.user.c_str();
  const auto user = source::script::find_user(std::span(&name, 1));
  if (!user) return "there is no user " + scripts.user;
  return user->uid == 0 ? "root is not for scripts" : std::string();
}

bool runs_scripts(const config::Scripts& scripts, const Paths& paths) {
  return runs_any(scripts) && !is_recorded(paths);
}

Result<Supervisor> start_with_all_rights(const Supervisor::Options& options) {
  const base::Raised all(base::CapabilitySet::from_bits(~std::uint64_t{0}));
  return Supervisor::start(options);
}

std::unique_ptr<ScriptHost> start_supervisor(const config::Scripts& scripts,
                                             const std::vector<std::string>& configuration,
                                             const Paths& paths) {
  if (!runs_scripts(scripts, paths)) return nullptr;
  auto root = base::Dir::open(kRoot);
  auto supervisor =
      root ? start_with_all_rights(supervisor_options(scripts, configuration)) : root.error();
  if (const std::string why = why_another_user(scripts); supervisor && !why.empty())
    spdlog::log(scripts.user == config::Scripts().user ? spdlog::level::info : spdlog::level::warn,
                "scripts run as {}: {}", kNobody, why);
  if (supervisor) return std::make_unique<ScriptHost>(std::move(*supervisor), std::move(*root));
  spdlog::error("no script is run: {}: {}", supervisor.error().what,
                std::strerror(supervisor.error().code));
  return nullptr;
}

std::optional<NamedSource> script_source(const config::Settings& settings, ScriptHost* scripts,
                                         const Clock& clock, InstanceIds numbers) {
  if (!scripts || !runs_any(settings.scripts)) return {};
  ScriptPlans made = script_plans(settings);
  for (const Remark& remark : made.remarks) spdlog::warn("{}", to_string(remark));
  source::script::ScriptFollower::Options options;
  options.most = unsigned(settings.scripts.most);
  return NamedSource{"scripts",
                     std::make_unique<source::script::ScriptFollower>(
                         std::move(made.plans), scripts->root, scripts->supervisor, clock,
                         std::move(numbers), options),
                     base::right_to_read()};
}

std::string what_takes_a_restart(const config::Scripts& at_start, const config::Scripts& wanted) {
  if (!runs_any(wanted)) return {};
  if (!runs_any(at_start)) return "scripts";
  if (at_start.most != wanted.most) return "scripts.most";
  if (at_start.strict != wanted.strict) return "scripts.strict";
  if (at_start.user != wanted.user) return "scripts.user";
  if (at_start.hidden != wanted.hidden) return "scripts.hidden";
  if (!grantable(at_start).has(grantable(wanted))) return "script.allow.capabilities";
  return {};
}

}  // namespace hostmeter::app
