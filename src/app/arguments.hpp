// The command line.
#pragma once
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "app/paths.hpp"

namespace hostmeter::app {

enum class Command {
  run,
  once,
  check,
  catalog,
  diff,
  doctor,
  record,
  script_list,
  script_run,
  version
};

// Of diff, as they were given.
struct DiffArguments {
  std::string a, b;  // URLs
  unsigned times = 3;
  std::string interval = "5s", timeout = "10s";
  std::vector<std::string> only, ignore;    // globs of metrics
  std::vector<std::string> ignored_labels;  // names
  std::vector<std::string> renamed;         // FROM=TO
  double tolerance = 0.1, absolute = 0;
  std::string user, password_file, ca_file;
  bool insecure = false;
  std::size_t rows = 20;
};

struct Arguments {
  Command command = Command::run;
  std::optional<std::string> config, listen, log_level;       // given on the command line
  std::vector<std::string> more_configs, config_directories;  // of a telegraf.conf
  Paths paths;
  bool json = false;        // catalog, diff, doctor
  std::string destination;  // record: directory or, with as_text, file
  bool as_text = false;
  std::string script;  // script run: its name or path
  DiffArguments diff;
};

// Exit statuses of every subcommand.
inline constexpr int kOk = 0, kFailed = 1, kUsage = 2;
// Of check with a telegraf.conf, of which something would not be served.
inline constexpr int kLoses = 2;

// The arguments, or the exit status when help was asked for or they make no sense (both printed).
std::variant<Arguments, int> parse_arguments(int count, const char* const* words);

}  // namespace hostmeter::app
