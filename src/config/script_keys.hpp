// The tables and keys of scripts: a part of the schema.
#pragma once
#include "config/entry.hpp"
#include "config/schema.hpp"

namespace hostmeter::config {

inline constexpr Table kScriptTables[] = {
    {"scripts", false,
     "Executables that print metrics, run in a sandbox (docs/scripts.md). Here: what holds for all "
     "of them.",
     ""},
    {"script", true,
     "Scripts that need other settings than those of the directories above. Write this table again "
     "for each. A file that is named here and lies in one of the directories is run once, as it is "
     "told here.",
     "", true},
    {"script.parse", false,
     "How the output of the script above is read, in formats other than prometheus and "
     "openmetrics.",
     "", true},
    {"script.limits", false,
     "What the script above may use. What it does beyond is refused to it or cut off, and counted.",
     "", true},
    {"script.allow", false,
     "What the script above may do beyond reading what everybody can read. Paths are of files or "
     "directories and are taken as they are, without globs.",
     "", true},
};

namespace script_keys {

constexpr std::uint64_t kMs = 1'000'000, kSecond = 1'000 * kMs, kHour = 3'600 * kSecond;
constexpr std::uint64_t kKiB = 1U << 10, kMiB = 1U << 20, kGiB = 1U << 30;
// As many as a request to the supervisor holds.
constexpr std::size_t kMost = 127;

constexpr std::string_view kFormats[] = {"prometheus", "openmetrics", "influx",
                                         "json",       "nagios",      "value"};
constexpr std::string_view kProfiles[] = {"none", "telegraf"};

// The last one that is written; where there is none, one of defaults.
inline Script& last(Settings& s) {
  if (s.scripts.each.empty()) s.scripts.each.emplace_back();
  return s.scripts.each.back();
}
inline Script last(const Settings& s) {
  return s.scripts.each.empty() ? Script() : s.scripts.each.back();
}

template <auto Member>
auto& in_scripts(Settings& s) {
  return s.scripts.*Member;
}
template <auto Member>
auto& in_script(Settings& s) {
  return last(s).*Member;
}
template <auto Member>
auto& in_parse(Settings& s) {
  return last(s).parse.*Member;
}
template <auto Member>
auto& in_limits(Settings& s) {
  return last(s).limits.*Member;
}
template <auto Member>
auto& in_allow(Settings& s) {
  return last(s).allow.*Member;
}

// A list of texts that are each checked, or of any.
constexpr Names list(Pick<std::vector<std::string>> pick, std::string_view what, Check check) {
  return {.pick = pick, .what = what, .may_be_empty = true, .check = check, .most = kMost};
}
template <auto Member>
constexpr Names paths() {
  return list(in_allow<Member>, "path", check_path);
}

}  // namespace script_keys

inline constexpr Key kScriptKeys[] = {
    {"scripts", "enabled", Boolean{script_keys::in_scripts<&Scripts::enabled>},
     "false: no script is run, and there is no process that runs them."},
    {"scripts", "directories",
     Names{.pick = script_keys::in_scripts<&Scripts::directories>,
           .what = "directory",
           .may_be_empty = true,
           .check = check_directory},
     "Every executable in one of these is a script with the defaults below. A new one is found "
     "without a restart. What others than root can write to is refused, and said so."},
    {"scripts", "interval",
     Duration{script_keys::in_scripts<&Scripts::interval_ns>, script_keys::kSecond,
              24 * script_keys::kHour},
     "Time between the starts of two runs of a script, where nothing else is said of it."},
    {"scripts", "timeout",
     Duration{script_keys::in_scripts<&Scripts::timeout_ns>, 100 * script_keys::kMs,
              script_keys::kHour},
     "When a script is told to end (TERM), where nothing else is said of it."},
    {"scripts", "most", Whole{script_keys::in_scripts<&Scripts::most>, 1, 64},
     "Most runs at once; others wait for their turn. A change takes a restart."},
    {"scripts", "strict", Boolean{script_keys::in_scripts<&Scripts::strict>},
     "true: where a part of the sandbox cannot be had, no script is run. Else it is left out and "
     "said so (hostmeter doctor lists them). A change takes a restart."},
    {"scripts", "user", Word{script_keys::in_scripts<&Scripts::user>, "a user", check_user},
     "Whom scripts run as; \"nobody\" where there is no such user. A change takes a restart."},
    {"scripts", "hidden",
     Names{.pick = script_keys::in_scripts<&Scripts::hidden>,
           .what = "path",
           .may_be_empty = true,
           .check = check_path,
           .most = script_keys::kMost},
     "Files and directories that scripts see nothing of, beside /run, /tmp and the configuration "
     "in force. A change takes a restart."},

    {"script", "run",
     Names{.pick = script_keys::in_script<&Script::run>,
           .what = "path or glob",
           .may_be_empty = true,
           .check = check_run,
           .or_one = true,
           .most = script_keys::kMost},
     "Which executables; of several, each is a script of its own. What is not there is said so, "
     "and run once it comes.",
     "\"/usr/share/hostmeter/scripts/check_cert.sh\""},
    {"script", "name", Word{script_keys::in_script<&Script::name>, "a name", check_script_name},
     "What it is called in metrics, in the log and by hostmeter script run; only with one path in "
     "run. Without it: the name of its file, without the suffix.",
     "\"certificates\""},
    {"script", "arguments",
     script_keys::list(script_keys::in_script<&Script::arguments>, "argument", nullptr),
     "What it is started with. No shell looks at them."},
    {"script", "environment",
     script_keys::list(script_keys::in_script<&Script::environment>, "variable", check_variable),
     "Variables such as \"CERT_LIST=/etc/certs.list\", beyond or instead of PATH, LANG, HOME and "
     "TMPDIR."},
    {"script", "interval",
     Duration{script_keys::in_script<&Script::interval_ns>, script_keys::kSecond,
              24 * script_keys::kHour},
     "Time between the starts of two runs. A run that is late is skipped and counted. By default "
     "that of [scripts]."},
    {"script", "timeout",
     Duration{script_keys::in_script<&Script::timeout_ns>, 100 * script_keys::kMs,
              script_keys::kHour},
     "When it is told to end (TERM). By default that of [scripts]."},
    {"script", "grace",
     Duration{script_keys::in_script<&Script::grace_ns>, 0, 60 * script_keys::kSecond},
     "From then until it is killed, with every process it has started."},
    {"script", "format",
     Choice{script_keys::kFormats,
            [](const Settings& s) { return std::uint8_t(script_keys::last(s).format); },
            [](Settings& s, std::uint8_t at) { script_keys::last(s).format = ScriptFormat(at); },
            {}},
     "How its output is read; the last four as Telegraf does."},
    {"script", "ignore_error", Boolean{script_keys::in_script<&Script::ignore_error>},
     "true: what it printed is taken although its exit status is not 0."},
    {"script", "profile",
     Choice{script_keys::kProfiles,
            [](const Settings& s) { return std::uint8_t(script_keys::last(s).profile); },
            [](Settings& s, std::uint8_t at) { script_keys::last(s).profile = ScriptProfile(at); },
            {}},
     "telegraf: what scripts of inputs.exec of a telegraf.conf may do, in the place of "
     "[script.allow]: use the host's network, and the socket of [runtime.docker]."},

    {"script.parse", "name",
     Word{script_keys::in_parse<&ScriptParse::name>, "a name", check_script_name},
     "With what names of metrics begin, where the output does not tell: of json and value."},
    {"script.parse", "data_type",
     Choice{kScriptDataTypes,
            [](const Settings& s) { return script_keys::last(s).parse.data_type; },
            [](Settings& s, std::uint8_t at) { script_keys::last(s).parse.data_type = at; },
            {}},
     "What a value is; only with format = \"value\"."},
    {"script.parse", "query",
     Word{script_keys::in_parse<&ScriptParse::query>, "keys parted by dots", check_query},
     "The way to what is read of json: keys and numbers of elements, such as \"status.disks.0\"."},
    {"script.parse", "tags",
     script_keys::list(script_keys::in_parse<&ScriptParse::tags>, "glob", nullptr),
     "Globs of the keys of json that are labels."},
    {"script.parse", "strings_as_labels",
     Boolean{script_keys::in_parse<&ScriptParse::strings_as_labels>},
     "true: values that are strings are labels; else they are left out."},

    {"script.limits", "memory",
     Size{script_keys::in_limits<&ScriptLimits::memory_bytes>, script_keys::kMiB,
          64 * script_keys::kGiB},
     "Memory of all its processes, with what is in its /tmp. Beyond, processes of it are killed."},
    {"script.limits", "tmp",
     Size{script_keys::in_limits<&ScriptLimits::tmp_bytes>, 4 * script_keys::kKiB,
          64 * script_keys::kGiB},
     "Size of its /tmp, which is memory."},
    {"script.limits", "file",
     Size{script_keys::in_limits<&ScriptLimits::file_bytes>, 4 * script_keys::kKiB,
          64 * script_keys::kGiB},
     "Size of a single file that it writes."},
    {"script.limits", "processes",
     Whole{script_keys::in_limits<&ScriptLimits::processes>, 1, 32'768},
     "Processes and threads at once."},
    {"script.limits", "open_files",
     Whole{script_keys::in_limits<&ScriptLimits::open_files>, 8, 1'048'576},
     "Open files of each of its processes."},
    {"script.limits", "cpu_percent",
     Whole{script_keys::in_limits<&ScriptLimits::cpu_percent>, 1, 6'400},
     "CPU time, in percent of one CPU."},
    {"script.limits", "series", Whole{script_keys::in_limits<&ScriptLimits::series>, 1, 100'000},
     "Series; those beyond are left out."},
    {"script.limits", "output",
     Size{script_keys::in_limits<&ScriptLimits::output_bytes>, script_keys::kKiB,
          64 * script_keys::kMiB},
     "What it prints; the rest is cut off."},
    {"script.limits", "line",
     Size{script_keys::in_limits<&ScriptLimits::line_bytes>, 64, script_keys::kMiB},
     "A line of that; one that is longer is left out."},

    {"script.allow", "network", Boolean{script_keys::in_allow<&ScriptAllowances::network>},
     "The host's network, services on loopback too. Else it has none."},
    {"script.allow", "read", script_keys::paths<&ScriptAllowances::read>(),
     "What is hidden from scripts otherwise, below /run or the agent's configuration, as far as "
     "its mode lets the script's user."},
    {"script.allow", "write", script_keys::paths<&ScriptAllowances::write>(),
     "Files and directories it may write to, as far as their modes let the script's user."},
    {"script.allow", "sockets", script_keys::paths<&ScriptAllowances::sockets>(),
     "Sockets it may connect to, as far as their modes let the script's user (see groups). That of "
     "a container engine, such as \"/run/docker.sock\", makes it as powerful as root."},
    {"script.allow", "devices",
     script_keys::list(script_keys::in_allow<&ScriptAllowances::devices>, "device", check_device),
     "Devices it may read and write, whatever their modes, such as \"/dev/nvme0\"."},
    {"script.allow", "capabilities",
     script_keys::list(script_keys::in_allow<&ScriptAllowances::capabilities>, "capability",
                       check_capability),
     "Such as \"CAP_NET_RAW\". One that no script had at the start of the agent takes a restart."},
    {"script.allow", "groups",
     script_keys::list(script_keys::in_allow<&ScriptAllowances::groups>, "group", check_group),
     "Groups it is in, by name or number, such as \"docker\"."},
    {"script.allow", "secrets", script_keys::paths<&ScriptAllowances::secrets>(),
     "Files of up to 64 KiB that only root can read: it is given copies of them, in the directory "
     "$CREDENTIALS_DIRECTORY."},
};

}  // namespace hostmeter::config
