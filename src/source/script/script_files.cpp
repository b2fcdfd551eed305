#include "source/script/script_files.hpp"

#include <sys/stat.h>

#include <cstring>
#include <utility>

#include "hostmeter/base/utf8.hpp"
#include "source/script/script_file.hpp"

namespace hostmeter::source::script {
namespace {

constexpr FollowedFiles::Limits kLimits{.watches = 256, .entries = 4'000};
constexpr mode_t kAnyExecutes = S_IXUSR | S_IXGRP | S_IXOTH;

std::string_view file_of(std::string_view path) {
  return path.substr(path.rfind('/') + 1);
}

// Without the last suffix: "check_disk" of "check_disk.sh".
std::string_view stem_of(std::string_view path) {
  const std::string_view file = file_of(path);
  const auto dot = file.rfind('.');
  return dot == 0 ? file : file.substr(0, dot);
}

bool is_fit_for_label(std::string_view name) {
  for (const char c : name)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) return false;
  return !name.empty() && is_utf8(name);
}

std::string reason(const Error& error) {
  return std::string(error.what) + (error.code == EPERM || error.code == EACCES
                                        ? std::string()
                                        : ": " + std::string(std::strerror(error.code)));
}

std::vector<std::string> paths_of(const std::vector<Plan>& plans) {
  std::vector<std::string> paths;
  for (const Plan& plan : plans) paths.insert(paths.end(), plan.run.begin(), plan.run.end());
  return paths;
}

std::uint64_t ns(const timespec& time) {
  return std::uint64_t(time.tv_sec) * 1'000'000'000 + std::uint64_t(time.tv_nsec);
}

// Nothing: there is none, or none that can be executed.
std::optional<ScriptFiles::Version> version_of(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode) ||
      (status.st_mode & kAnyExecutes) == 0)
    return {};
  return ScriptFiles::Version{status.st_dev, status.st_ino, std::uint64_t(status.st_size),
                              ns(status.st_mtim), ns(status.st_ctim)};
}

// The plan is left open.
std::optional<ScriptFiles::File> look(const std::string& path) {
  const auto version = version_of(path);
  if (!version) return {};
  return ScriptFiles::File{.path = path, .version = *version, .refusal = check_script(path)};
}

bool is_same(const std::optional<Error>& one, const std::optional<Error>& other) {
  if (!one || !other) return !one && !other;
  return one->code == other->code && one->what == other->what;
}

}  // namespace

bool is_script_name(std::string_view file) {
  if (file.starts_with('.') || file.starts_with('#') || file.ends_with('~')) return false;
  if (file.find(".dpkg-") != std::string_view::npos) return false;
  for (const std::string_view suffix : {".rpmnew", ".rpmsave", ".rpmorig", ".swp", ".bak"})
    if (file.ends_with(suffix)) return false;
  return true;
}

ScriptFiles::ScriptFiles(const base::Dir& root, const std::vector<Plan>& plans)
    : plans_(plans),
      patterns_(patterns_of(plans)),
      files_(root, paths_of(plans), kLimits, FollowedFiles::Modes::are_told) {}

std::vector<ScriptFiles::Pattern> ScriptFiles::patterns_of(const std::vector<Plan>& plans) {
  std::vector<Pattern> patterns;
  for (std::size_t i = 0; i < plans.size(); ++i)
    for (const std::string& path : plans[i].run)
      patterns.push_back({i, path.find_first_of("*?[") == std::string::npos, path});
  return patterns;
}

std::vector<ScriptFiles::Change> ScriptFiles::changes() {
  const auto events = files_.changes();
  const bool is_first = !std::exchange(began_, true);
  if (events.empty() && !is_first) return {};
  take(events);
  return exchange(look_at_all());
}

std::vector<ScriptFiles::Change> ScriptFiles::look_again() {
  take(files_.look_again());
  began_ = true;
  return exchange(look_at_all());
}

void ScriptFiles::take(const std::vector<FollowedFiles::Event>& events) {
  for (const FollowedFiles::Event& event : events) {
    const std::string path = "/" + event.path;
    if (event.change == FollowedFiles::Change::here) {
      known_[path].insert(event.pattern);
    } else if (const auto at = known_.find(path); at != known_.end()) {
      at->second.erase(event.pattern);
      if (at->second.empty()) known_.erase(at);
    }
  }
}

ScriptFiles::All ScriptFiles::look_at_all() {
  All now;
  left_out_ = 0;
  std::map<std::string, std::string> ambiguous;
  for (const auto& [path, patterns] : known_) {
    const auto plans = plans_for(path, patterns);
    auto file = plans.empty() ? std::optional<File>() : look(path);
    if (!file) continue;
    for (const std::size_t plan : plans) {
      file->plan = plan;
      const std::string& called = plans_[plan].name;
      const std::string name = called.empty() ? std::string(stem_of(path)) : called;
      if (!is_fit_for_label(name))
        ambiguous.emplace(path, "its name is no text");
      else if (const auto other = now.find(name); other != now.end())
        ambiguous.emplace(path,
                          "the script " + other->second.path + " is called " + name + ", too");
      else if (now.size() >= kMostScripts)
        ++left_out_;
      else
        now.emplace(name, *file);
    }
  }
  remark_ambiguous(std::move(ambiguous));
  return now;
}

std::set<std::size_t> ScriptFiles::plans_for(const std::string& path,
                                             const std::set<std::size_t>& patterns) const {
  std::set<std::size_t> fitting, naming;
  for (const std::size_t at : patterns) {
    const Pattern& pattern = patterns_[at];
    if (!pattern.is_literal && !is_script_name(file_of(path))) continue;
    fitting.insert(pattern.plan);
    if (!plans_[pattern.plan].name.empty()) naming.insert(pattern.plan);
  }
  if (naming.empty() && !fitting.empty()) return {*fitting.begin()};
  return naming;
}

std::vector<ScriptFiles::Change> ScriptFiles::exchange(All now) {
  std::vector<Change> changes;
  for (const auto& [name, file] : all_)
    if (!now.contains(name)) changes.push_back({Change::Kind::gone, name});
  for (const auto& [name, file] : now) {
    const auto before = all_.find(name);
    const bool is_new = before == all_.end();
    remark_refusal(name, file, is_new ? nullptr : &before->second);
    if (is_new)
      changes.push_back({Change::Kind::here, name});
    else if (before->second.version != file.version || before->second.path != file.path ||
             !is_same(before->second.refusal, file.refusal))
      changes.push_back({Change::Kind::edited, name});
  }
  all_ = std::move(now);
  remark_missing(all_);
  return changes;
}

std::optional<ScriptFiles::Change> ScriptFiles::look_at(const std::string& name) {
  const auto known = all_.find(name);
  if (known == all_.end()) return {};
  File& before = known->second;
  const bool is_known = known_.contains(before.path);
  if (is_known && !before.refusal && version_of(before.path) == before.version) return {};
  auto file = is_known ? look(before.path) : std::optional<File>();
  if (!file) {
    all_.erase(known);
    return Change{Change::Kind::gone, name};
  }
  if (file->version == before.version && is_same(file->refusal, before.refusal)) return {};
  remark_refusal(name, *file, &before);
  file->plan = before.plan;
  before = std::move(*file);
  return Change{Change::Kind::edited, name};
}

void ScriptFiles::remark_refusal(const std::string& name, const File& now, const File* before) {
  const std::optional<Error> was = before ? before->refusal : std::optional<Error>();
  if (is_same(was, now.refusal)) return;
  if (now.refusal)
    remarks_.push_back({true, "the script " + name + " is not run: " + reason(*now.refusal) +
                                  ": see to it that only root can change " + now.path});
  else
    remarks_.push_back({false, "the script " + name + " may be run again: " + now.path});
}

void ScriptFiles::remark_missing(const All& now) {
  std::set<std::string> there, missing;
  for (const auto& [name, file] : now) there.insert(file.path);
  for (const Pattern& pattern : patterns_) {
    if (!pattern.is_literal || there.contains(pattern.path) || ambiguous_.contains(pattern.path))
      continue;
    missing.insert(pattern.path);
    if (!missing_.contains(pattern.path))
      remarks_.push_back(
          {true, "the script " + pattern.path + " is not run: it is not there, or not executable"});
  }
  missing_ = std::move(missing);
}

void ScriptFiles::remark_ambiguous(std::map<std::string, std::string> now) {
  for (const auto& [path, why] : now) {
    const auto before = ambiguous_.find(path);
    if (before == ambiguous_.end() || before->second != why)
      remarks_.push_back({true, "the script " + path + " is not run: " + why});
  }
  ambiguous_ = std::move(now);
}

}  // namespace hostmeter::source::script
