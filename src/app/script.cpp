// hostmeter script: which scripts there are, and one of them run by hand.
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <spdlog/spdlog.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <cstring>
#include <filesystem>

#include "app/commands.hpp"
#include "app/found_scripts.hpp"
#include "app/log.hpp"
#include "app/rights.hpp"
#include "app/settings.hpp"
#include "base/open_file.hpp"
#include "config/nearest.hpp"
#include "source/cgroup/script_runs.hpp"
#include "source/script/verdict.hpp"
#include "tool/script/report.hpp"

namespace hostmeter::app {
namespace {

using source::script::Plan;
using source::script::Run;
using source::script::Supervisor;
using Named = FoundScripts::Named;

constexpr std::size_t kLongestScript = 256U << 10;
constexpr std::size_t kNameBuffer = 16U << 10;

std::string reason(const Error& error) {
  return std::string(error.what) + ": " + std::strerror(error.code);
}

void say_unknown(const FoundScripts& found, const std::string& name) {
  std::vector<std::string_view> names;
  for (const Named& one : found.all()) names.push_back(one.first);
  const std::string_view meant = config::nearest(name, names);
  spdlog::error("there is no script \"{}\": {}", name,
                meant.empty() ? std::string("hostmeter script list shows those that there are")
                              : "did you mean \"" + std::string(meant) + "\"?");
  for (const std::string& remark : found.remarks()) spdlog::warn("{}", remark);
}

// Null, and said so, when they cannot be looked for.
std::unique_ptr<FoundScripts> find_or_say(const config::Settings& settings) {
  auto found = FoundScripts::find(settings);
  if (found) return std::move(*found);
  spdlog::error("scripts cannot be looked for: {}", reason(found.error()));
  return nullptr;
}

// Its text, if it is for an interpreter.
std::string text_of(const std::string& path) {
  const base::UniqueFd file = base::open_file(AT_FDCWD, path.c_str(), O_RDONLY | O_NONBLOCK);
  std::string text(kLongestScript, '\0');
  const ssize_t size = file ? ::read(file.get(), text.data(), text.size()) : 0;
  text.resize(std::size_t(std::max<ssize_t>(size, 0)));
  return text.starts_with("#!") ? text : std::string();
}

std::string group_name(gid_t gid) {
  std::vector<char> buffer(kNameBuffer);
  ::group entry{}, *known = nullptr;
  if (::getgrgid_r(gid, &entry, buffer.data(), buffer.size(), &known) == 0 && known)
    return known->gr_name;
  return std::to_string(gid);
}

std::string user_name(uid_t uid) {
  std::vector<char> buffer(kNameBuffer);
  ::passwd entry{}, *known = nullptr;
  if (::getpwuid_r(uid, &entry, buffer.data(), buffer.size(), &known) == 0 && known)
    return known->pw_name;
  return std::to_string(uid);
}

std::optional<tool::HostFile> look_at_host(const std::string& path) {
  const base::Raised right(base::right_to_read());
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return {};
  std::error_code failure;
  const auto real = std::filesystem::canonical(path, failure);
  return tool::HostFile{.real = failure ? path : real.string(),
                        .mode = status.st_mode,
                        .uid = status.st_uid,
                        .gid = status.st_gid,
                        .group = group_name(status.st_gid)};
}

bool print(const std::string& text, std::FILE* to) {
  return std::fwrite(text.data(), 1, text.size(), to) == text.size() && std::fflush(to) == 0;
}

// The output to standard output, what there is to say of it to standard error.
int run_one(const Named& script, const Plan& plan, const Supervisor::Options& options) {
  auto supervisor = start_with_all_rights(options);
  const auto features = supervisor ? tool::hear_standing(*supervisor) : supervisor.error();
  const Run run = source::script::run_of(plan, script.second.path);
  auto trial = features ? tool::try_once(*supervisor, run, plan.most_bytes) : features.error();
  if (!trial) {
    spdlog::error("the script was not run: {}", reason(trial.error()));
    return kFailed;
  }
  std::optional<source::script::Verdict> verdict;
  std::vector<tool::Denial> denials;
  if (trial->ended && trial->output) {
    verdict = source::script::verdict(plan, *trial->ended, *trial->output);
    const std::string text = text_of(script.second.path);
    denials = tool::denials({.run = run,
                             .ended = *trial->ended,
                             .is_cut = trial->output->is_cut(),
                             .remarks = trial->output->remarks(),
                             .text = text,
                             .user = options.user,
                             .hidden = options.hidden,
                             .features = *features},
                            look_at_host);
  }
  const bool is_user = features->has(source::script::Feature::user);
  const bool said = print(tool::report({.name = script.first,
                                        .path = script.second.path,
                                        .user = user_name(is_user ? options.user.uid : ::geteuid()),
                                        .features = *features,
                                        .trial = *trial,
                                        .verdict = verdict ? &*verdict : nullptr,
                                        .denials = std::move(denials)}),
                          stderr);
  const bool is_ok = verdict && verdict->result == source::script::RunResult::ok;
  const bool printed =
      !verdict || !verdict->is_taken || print(tool::families_text(verdict->families), stdout);
  return is_ok && said && printed ? kOk : kFailed;
}

}  // namespace

int script_run(const Arguments& arguments) {
  lower_rights();
  const auto settings = settings_or_say(arguments);
  if (!settings) return kUsage;
  const auto found = find_or_say(*settings);
  if (!found) return kFailed;
  const Named* const script = found->named(arguments.script);
  if (!script) {
    say_unknown(*found, arguments.script);
    return kUsage;
  }
  if (script->second.refusal) {
    for (const std::string& remark : found->remarks()) spdlog::error("{}", remark);
    return kFailed;
  }
  Supervisor::Options options = supervisor_options(settings->scripts, all_files(arguments));
  options.cgroup = source::cgroup::kScriptByHand;
  return run_one(*script, found->plan_of(*script), options);
}

int script_list(const Arguments& arguments) {
  lower_rights();
  const auto settings = settings_or_say(arguments);
  if (!settings) return kUsage;
  const auto found = find_or_say(*settings);
  if (!found) return kFailed;
  std::vector<tool::ListedScript> listed;
  for (const Named& script : found->all()) {
    const auto& refusal = script.second.refusal;
    listed.push_back({.name = script.first,
                      .path = script.second.path,
                      .interval_ns = found->plan_of(script).interval_ns,
                      .refusal = refusal ? std::string(refusal->what) : std::string()});
  }
  return print(tool::list_text(listed, found->remarks()), stdout) ? kOk : kFailed;
}

}  // namespace hostmeter::app
