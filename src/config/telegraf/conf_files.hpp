// A telegraf.conf with its directories, read into settings and all that is said of them.
#pragma once
#include <optional>
#include <span>
#include <string>

#include "config/telegraf/environment.hpp"
#include "config/telegraf/finding.hpp"

namespace hostmeter::config::telegraf {

struct ConfFile {
  std::string name, text;
};

struct Loaded {
  Settings settings;
  std::vector<Finding> findings;      // in the order of the files and their lines
  std::vector<std::string> problems;  // "file:line: what; mend": why there are no settings
  explicit operator bool() const { return problems.empty(); }
};

Loaded load_conf(std::span<const ConfFile> files, const Environment& environment);

// Files that are named, if any, then the *.conf of directories and of those below them, by name.
Loaded load_conf_files(std::span<const std::string> named, std::span<const std::string> directories,
                       const Environment& environment);

}  // namespace hostmeter::config::telegraf
