// Scripts that print metrics, and what runs them.
#include "hostmeter/flow/facts/script.hpp"

#include "hostmeter/collect/collector.hpp"

namespace hostmeter::collect {
namespace {

enum {
  runs,
  duration,
  cpu,
  memory,
  success,
  age,
  shown,
  dropped,
  breaker,
  refused,
  kills,
  forks,
  up,
  waiting,
  left_out,
  ambiguous,
  sandbox
};
constexpr MetricDesc kMetrics[] = {
    {Kind::counter, Unit::none, "hostmeter_script_runs_total",
     "Runs by how they ended. ok: what it printed was taken. exit: with a status other than 0. "
     "output: it printed more than it may, and the rest was cut off. parse: nothing it printed is "
     "of use. spawn: it was refused. skipped: it was due while the run before, or others, still "
     "took its place.",
     "script,result"},
    {Kind::gauge, Unit::seconds, "hostmeter_script_duration_seconds", "How long the last run took.",
     "script"},
    {Kind::counter, Unit::seconds, "hostmeter_script_cpu_seconds_total",
     "CPU time, user and system, of all runs with all they started.", "script"},
    {Kind::gauge, Unit::bytes, "hostmeter_script_peak_memory_bytes",
     "The most memory that the last run had; absent where the kernel does not tell.", "script"},
    {Kind::gauge, Unit::seconds, "hostmeter_script_last_success_timestamp_seconds",
     "Unix time of the end of the last run that was ok.", "script"},
    {Kind::gauge, Unit::seconds, Encoding::age, "hostmeter_script_age_seconds",
     "Time since the values that stand were printed; absent while none do.", "script"},
    {Kind::gauge, Unit::none, "hostmeter_script_series",
     "Series that it printed last; hostmeter_printer_series_left_out has those that are not shown.",
     "script"},
    {Kind::counter, Unit::none, "hostmeter_script_dropped_lines_total",
     "Lines it printed that were refused or beyond a limit; the log names the first.", "script"},
    {Kind::gauge, Unit::none, "hostmeter_script_breaker_open",
     "1 while it is run more seldom than it is due, for too many runs failed one after the other.",
     "script"},
    {Kind::gauge, Unit::none, "hostmeter_script_refused",
     "1 while its file must not be run, because others could change it; the log says why.",
     "script"},
    {Kind::counter, Unit::none, "hostmeter_script_oom_kills_total",
     "Processes of it that were killed at its memory limit.", "script"},
    {Kind::counter, Unit::none, "hostmeter_script_refused_forks_total",
     "Processes it could not start for its limit on them.", "script"},
    {Kind::gauge, Unit::none, "hostmeter_script_supervisor_up",
     "1 while the process that runs scripts lives; without it none is run until the agent is "
     "restarted."},
    {Kind::gauge, Unit::none, "hostmeter_script_runs_waiting",
     "Runs that are due and wait for others to end."},
    {Kind::gauge, Unit::none, "hostmeter_script_files_left_out",
     "Executables that are not run because there are more than may be."},
    {Kind::gauge, Unit::none, "hostmeter_script_files_ambiguous",
     "Executables that are not run because another script has their name."},
    {Kind::gauge, Unit::none, "hostmeter_script_sandbox",
     "1 if this part of the sandbox is in force, else 0; the log says why not.", "feature"},
};

constexpr FieldSeries kScript[] = {
    series(ScriptField::ok, kMetrics[runs], "ok"),
    series(ScriptField::exit, kMetrics[runs], "exit"),
    series(ScriptField::signal, kMetrics[runs], "signal"),
    series(ScriptField::timeout, kMetrics[runs], "timeout"),
    series(ScriptField::output, kMetrics[runs], "output"),
    series(ScriptField::parse, kMetrics[runs], "parse"),
    series(ScriptField::spawn, kMetrics[runs], "spawn"),
    series(ScriptField::skipped, kMetrics[runs], "skipped"),
    series(ScriptField::duration_ns, kMetrics[duration]),
    series(ScriptField::cpu_ns, kMetrics[cpu]),
    series(ScriptField::peak_memory_bytes, kMetrics[memory]),
    series(ScriptField::last_success_ns, kMetrics[success]),
    series(ScriptField::printed_ns, kMetrics[age]),
    series(ScriptField::series, kMetrics[shown]),
    series(ScriptField::dropped_lines, kMetrics[dropped]),
    series(ScriptField::is_breaker_open, kMetrics[breaker]),
    series(ScriptField::is_refused, kMetrics[refused]),
    series(ScriptField::oom_kills, kMetrics[kills]),
    series(ScriptField::refused_forks, kMetrics[forks]),
};
constexpr FieldSeries kAll[] = {
    series(ScriptsField::supervisor_up, kMetrics[up]),
    series(ScriptsField::waiting, kMetrics[waiting]),
    series(ScriptsField::left_out, kMetrics[left_out]),
    series(ScriptsField::ambiguous, kMetrics[ambiguous]),
};
constexpr FieldSeries kSandbox[] = {series(ScriptSandbox::in_force, kMetrics[sandbox])};
constexpr GroupSeries kGroups[] = {group_series<ScriptField>(kScript, "script"),
                                   group_series<ScriptsField>(kAll),
                                   group_series<ScriptSandbox>(kSandbox, "feature")};

}  // namespace

extern const CollectorSpec script{
    .name = "script", .scope = Scope::host, .metrics = kMetrics, .groups = kGroups};

}  // namespace hostmeter::collect
