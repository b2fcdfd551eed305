#include "app/arguments.hpp"

#include <CLI/CLI.hpp>

namespace hostmeter::app {
namespace {

void add_paths(CLI::App& command, Paths& paths) {
  const auto noted = [](bool& is_given) {
    return [&is_given](const std::string&) { is_given = true; };
  };
  command
      .add_option("--root", paths.root,
                  "Directory that holds the host's file system, or a recording of it")
      ->capture_default_str()
      ->each(noted(paths.root_is_given));
  command.add_option("--procfs", paths.procfs, "The host's /proc, if it is not below --root")
      ->each(noted(paths.procfs_is_given));
  command.add_option("--sysfs", paths.sysfs, "The host's /sys, if it is not below --root")
      ->each(noted(paths.sysfs_is_given));
}

void add_common(CLI::App& command, Arguments& arguments) {
  command
      .add_option_function<std::vector<std::string>>(
          "--config",
          [&arguments](const std::vector<std::string>& files) {
            arguments.config = files.front();
            arguments.more_configs.assign(files.begin() + 1, files.end());
          },
          "Configuration file (TOML), or a telegraf.conf, which may be given again; without it "
          "/etc/hostmeter/hostmeter.toml if there is one, else the defaults")
      ->take_all()
      ->allow_extra_args(false);
  command
      .add_option("--config-directory", arguments.config_directories,
                  "Directory of further files of a telegraf.conf; may be given again")
      ->take_all();
  add_paths(command, arguments.paths);
  command
      .add_option("--log-level", arguments.log_level,
                  "debug, info, warning or error; wins over [log] level")
      ->check(CLI::IsMember({"debug", "info", "warning", "error"}));
}

void add_run(CLI::App& app, Arguments& arguments) {
  CLI::App* const run =
      app.add_subcommand("run", "Measure this host and serve it to Prometheus (the default)");
  add_common(*run, arguments);
  run->add_option("--listen", arguments.listen,
                  "Address to serve at, host:port or :port; wins over the first [[listener]]");
  run->callback([&] { arguments.command = Command::run; });
}

void add_once(CLI::App& app, Arguments& arguments) {
  CLI::App* const once = app.add_subcommand("once", "Print one scrape and end");
  add_common(*once, arguments);
  once->callback([&] { arguments.command = Command::once; });
}

void add_check(CLI::App& app, Arguments& arguments) {
  CLI::App* const check = app.add_subcommand(
      "check", "Say whether `run` with these arguments would start, and why not");
  add_common(*check, arguments);
  check->add_option("--listen", arguments.listen, "As for run");
  check->callback([&] { arguments.command = Command::check; });
}

void add_catalog(CLI::App& app, Arguments& arguments) {
  CLI::App* const catalog =
      app.add_subcommand("catalog", "List every metric: name, type, unit, labels, meaning");
  catalog->add_flag("--json", arguments.json, "As JSON instead of Markdown");
  catalog->callback([&] { arguments.command = Command::catalog; });
}

void add_diff_selection(CLI::App& diff, DiffArguments& arguments) {
  diff.add_option("--only", arguments.only, "Glob of metrics to compare; may be given again")
      ->take_all();
  diff.add_option("--ignore", arguments.ignore, "Glob of metrics to leave out; may be given again")
      ->take_all();
  diff.add_option("--ignore-label", arguments.ignored_labels,
                  "Label that does not count, such as instance; may be given again")
      ->take_all();
  diff.add_option("--rename", arguments.renamed,
                  "FROM=TO: what A calls FROM is TO; one * stands for the same in both")
      ->take_all();
  diff.add_option("--tolerance", arguments.tolerance,
                  "How far values and rates may be apart, as a share of the larger one")
      ->check(CLI::Range(0.0, 10.0))
      ->capture_default_str();
  diff.add_option("--absolute", arguments.absolute,
                  "The same as a value; what either allows is allowed")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
}

void add_diff_connection(CLI::App& diff, DiffArguments& arguments) {
  diff.add_option("--timeout", arguments.timeout, "For each answer")->capture_default_str();
  diff.add_option("--user", arguments.user, "For basic authentication, where the URL names nobody");
  diff.add_option("--password-file", arguments.password_file, "Its first line is the password");
  diff.add_option("--ca", arguments.ca_file, "Certificates to trust (PEM), not the system's");
  diff.add_flag("--insecure", arguments.insecure, "Trust any certificate");
}

void add_diff(CLI::App& app, Arguments& arguments) {
  CLI::App* const diff = app.add_subcommand(
      "diff",
      "Say in what two endpoints differ: Telegraf, node_exporter or cAdvisor and this agent, for "
      "example. Status: 0 when in nothing, 1 when in something, 2 when that cannot be said");
  DiffArguments& given = arguments.diff;
  diff->add_option("A", given.a, "URL of the first, the one that is known")->required();
  diff->add_option("B", given.b, "URL of the second")->required();
  diff->add_option("--times", given.times, "How often each is scraped; counters need two")
      ->check(CLI::Range(1, 1'000))
      ->capture_default_str();
  diff->add_option("--interval", given.interval, "Time between scrapes")->capture_default_str();
  add_diff_selection(*diff, given);
  add_diff_connection(*diff, given);
  diff->add_option("--rows", given.rows, "Rows of the table for each kind of difference")
      ->capture_default_str();
  diff->add_flag("--json", arguments.json, "As JSON instead of a table");
  diff->callback([&] { arguments.command = Command::diff; });
}

void add_doctor(CLI::App& app, Arguments& arguments) {
  CLI::App* const doctor = app.add_subcommand(
      "doctor", "Say what this kernel and these rights allow, and what to do about each no");
  add_common(*doctor, arguments);
  doctor->add_flag("--json", arguments.json, "As JSON instead of a table");
  doctor->callback([&] { arguments.command = Command::doctor; });
}

void add_record(CLI::App& app, Arguments& arguments) {
  CLI::App* const record = app.add_subcommand(
      "record", "Write this host's files, scrubbed, as a tree that --root reads");
  record->add_option("DIR", arguments.destination, "Directory to write; with --text a single file")
      ->required();
  record->add_flag("--text", arguments.as_text, "One text file instead of a directory");
  record->add_option("--root", arguments.paths.root, "The host to record")->capture_default_str();
  record->callback([&] { arguments.command = Command::record; });
}

void add_script(CLI::App& app, Arguments& arguments) {
  CLI::App* const script =
      app.add_subcommand("script", "Run a script by hand as the agent would, or list them");
  script->require_subcommand(1);
  CLI::App* const run = script->add_subcommand(
      "run",
      "Run one in its sandbox, print its metrics and, on standard error, what came of it and what "
      "it was denied. Status: 0 when the run was a success, 1 when not, 2 when there is no such "
      "script or the configuration is wrong");
  run->add_option("NAME", arguments.script, "Its name, as script list shows it, or its path")
      ->required();
  add_common(*run, arguments);
  run->callback([&] { arguments.command = Command::script_run; });
  CLI::App* const list = script->add_subcommand("list", "Which scripts there are, and which not");
  add_common(*list, arguments);
  list->callback([&] { arguments.command = Command::script_list; });
}

}  // namespace

std::variant<Arguments, int> parse_arguments(int count, const char* const* words) {
  Arguments arguments;
  CLI::App app("Metrics of a Linux host and its containers, for Prometheus.", "hostmeter");
  app.require_subcommand(0, 1);
  app.set_help_all_flag("--help-all", "Help of all subcommands");
  add_run(app, arguments);
  add_once(app, arguments);
  add_check(app, arguments);
  add_catalog(app, arguments);
  add_diff(app, arguments);
  add_doctor(app, arguments);
  add_record(app, arguments);
  add_script(app, arguments);
  app.add_subcommand("version", "Print the version")->callback([&] {
    arguments.command = Command::version;
  });
  app.add_flag_callback(
      "--version", [&] { arguments.command = Command::version; }, "Print the version");
  try {
    app.parse(count, words);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kOk : kUsage;
  }
  return arguments;
}

}  // namespace hostmeter::app
