#include "config/telegraf/conf_files.hpp"

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "config/schema.hpp"
#include "config/telegraf/sections.hpp"
#include "config/whole_file.hpp"

namespace hostmeter::config::telegraf {
namespace {

constexpr std::size_t kMostFiles = 1'000;
constexpr std::size_t kMostFindings = 1'000;
constexpr int kDeepest = 32;

std::string problem_text(std::string_view file, std::uint32_t line, std::string_view what) {
  std::string text = printable(file);
  if (line > 0) text += ':' + std::to_string(line);
  return text + ": " + std::string(what);
}

// A table of Hostmeter's own, which does not belong in such a file.
std::optional<std::string> own_table(const Document& document, std::string_view file) {
  for (const auto& [key, node] : document.root)
    if (node.is_table() && find_table(key.str()) && !is_section(key.str()))
      return problem_text(file, document.line(key.source().begin),
                          '[' + std::string(key.str()) +
                              "] is a table of Hostmeter's own in a telegraf.conf; keep them in "
                              "two files");
  return {};
}

void say_unset(const Document& document, std::uint32_t file, std::vector<Finding>& findings) {
  for (const NamedVariable& each : document.unset)
    findings.push_back({Effect::none,
                        {file, each.line},
                        '$' + printable(each.name),
                        "is not set in the environment: its name stays as text, as by Telegraf"});
  for (const NamedVariable& each : document.unclosed)
    findings.push_back({Effect::differs,
                        {file, each.line},
                        "${" + printable(each.name),
                        "has no } within its line and 4096 characters, or is the 17th inside "
                        "another: stays as text; close it, or shorten it"});
}

void check_whole(const Settings& settings, std::vector<Finding>& findings) {
  if (settings.outputs.empty())
    findings.push_back({Effect::lost,
                        {},
                        "outputs",
                        "none can be served: nobody gets any metric; write "
                        "[[outputs.prometheus_client]] with listen = \":9273\""});
  if (settings.inputs.empty())
    findings.push_back({Effect::differs,
                        {},
                        "inputs",
                        "there are none: nothing is measured; write [[inputs.cpu]]"});
}

// A file of nothing but mistakes does not flood a log; no loss is hidden by harmless ones.
void bound(std::vector<Finding>& findings) {
  if (findings.size() <= kMostFindings) return;
  std::stable_partition(findings.begin(), findings.end(),
                        [](const Finding& each) { return each.effect == Effect::lost; });
  const std::size_t more = findings.size() - kMostFindings;
  const Effect worst = findings[kMostFindings].effect;
  findings.resize(kMostFindings);
  findings.push_back({worst, {}, "findings", "and " + std::to_string(more) + " more"});
}

class Walk {
 public:
  explicit Walk(Loaded& loaded, std::vector<ConfFile>& files) : loaded_(loaded), files_(files) {}

  void file(const std::string& path) {
    auto text = read_whole(path, kLongestText);
    if (text)
      files_.push_back({path, std::move(*text)});
    else
      refuse(path, text.error().code, "give the path of a readable file");
  }

  void directory(const std::filesystem::path& path, int depth = 0) {
    std::error_code failure;
    std::vector<std::filesystem::path> entries;
    for (std::filesystem::directory_iterator at(path, failure), end; !failure && at != end;
         at.increment(failure))
      entries.push_back(at->path());
    if (failure) return refuse(path, failure.value(), "give the path of a readable directory");
    std::sort(entries.begin(), entries.end());
    for (const auto& entry : entries) take(entry, depth);
  }

 private:
  void take(const std::filesystem::path& entry, int depth) {
    std::error_code failure;
    const std::string name = entry.filename();
    // Kubernetes keeps a second copy of what it mounts in ..data.
    if (std::filesystem::is_directory(std::filesystem::symlink_status(entry, failure))) {
      if (!name.starts_with("..") && depth < kDeepest) directory(entry, depth + 1);
      return;
    }
    if (name.size() < 6 || !name.ends_with(".conf")) return;
    if (std::filesystem::is_directory(entry, failure)) return;
    if (files_.size() < kMostFiles) return file(entry);
    if (files_.size() == kMostFiles)
      loaded_.problems.push_back(problem_text(entry.string(), 0, "is one of more than 1000 files"));
  }

  void refuse(const std::string& path, int code, std::string_view mend) {
    loaded_.problems.push_back(problem_text(
        path, 0,
        "cannot be read: " + std::generic_category().message(code) + "; " + std::string(mend)));
  }

  Loaded& loaded_;
  std::vector<ConfFile>& files_;
};

}  // namespace

Loaded load_conf(std::span<const ConfFile> files, const Environment& environment) {
  Loaded loaded;
  for (std::uint32_t at = 0; at < files.size(); ++at) {
    const ConfFile& file = files[at];
    loaded.settings.files.push_back(file.name);
    const Document document = parse_document(file.text, environment);
    if (document.problem)
      loaded.problems.push_back(
          problem_text(file.name, document.problem->line, document.problem->what));
    else if (auto own = own_table(document, file.name))
      loaded.problems.push_back(std::move(*own));
    if (!loaded) continue;
    say_unset(document, at, loaded.findings);
    Report report(document, at, environment, loaded.findings);
    read_sections(document, loaded.settings, report);
  }
  if (!loaded) return {{}, {}, std::move(loaded.problems)};
  bound(loaded.findings);
  std::stable_sort(loaded.findings.begin(), loaded.findings.end(),
                   [](const Finding& one, const Finding& other) {
                     return std::pair(one.place.file, one.place.line) <
                            std::pair(other.place.file, other.place.line);
                   });
  check_whole(loaded.settings, loaded.findings);
  return loaded;
}

Loaded load_conf_files(std::span<const std::string> named, std::span<const std::string> directories,
                       const Environment& environment) {
  Loaded read;
  std::vector<ConfFile> files;
  Walk walk(read, files);
  for (const std::string& file : named) walk.file(file);
  for (const std::string& directory : directories) walk.directory(directory);
  if (files.empty() && read.problems.empty())
    read.problems.push_back(
        problem_text(directories.empty() ? "telegraf.conf" : directories.front(), 0,
                     "there is no file to read; name one with --config, or one that ends in .conf "
                     "in a directory"));
  Loaded loaded = load_conf(files, environment);
  loaded.problems.insert(loaded.problems.begin(), read.problems.begin(), read.problems.end());
  return loaded;
}

}  // namespace hostmeter::config::telegraf
