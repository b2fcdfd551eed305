// How we do ourselves: ticks, readers, rings, series.
#include "hostmeter/flow/facts/agent.hpp"

#include "hostmeter/collect/collector.hpp"
#include "hostmeter/flow/facts/tick.hpp"

namespace hostmeter::collect {
namespace {

enum {
  start_time,
  cpu,
  resident,
  open_files,
  ticks,
  build,
  ring_dropped,
  ring_capacity,
  news_delayed,
  series_bound,
  series_refused,
  stale,
  age,
  scrapes_refused,
  printed,
  printed_left_out,
  printer_left_out,
  busy,
  parse_errors,
  read_errors,
  mode
};
constexpr MetricDesc kMetrics[] = {
    {Kind::gauge, Unit::seconds, "process_start_time_seconds",
     "Unix time at which the agent started."},
    {Kind::counter, Unit::seconds, "process_cpu_seconds_total", "CPU time the agent used."},
    {Kind::gauge, Unit::bytes, "process_resident_memory_bytes", "Resident memory of the agent."},
    {Kind::gauge, Unit::none, "process_open_fds",
     "File descriptors the agent holds, counted every 60 ticks before Linux 6.2."},
    {Kind::counter, Unit::none, "hostmeter_ticks_total",
     "Ticks by result: complete, skipped because the one before took too long, abandoned because a "
     "ring stayed full.",
     "result"},
    {Kind::gauge, Unit::info, "hostmeter_build_info", "What this agent was built from, always 1.",
     "version,compiler"},
    {Kind::counter, Unit::none, "hostmeter_ring_dropped_total",
     "Records that a full ring did not take.", "ring"},
    {Kind::gauge, Unit::none, "hostmeter_ring_capacity", "Records that a ring holds.", "ring"},
    {Kind::counter, Unit::none, "hostmeter_ring_news_delayed_total",
     "Ticks abandoned because births and names did not fit beside the ring; they follow with the "
     "next.",
     "ring"},
    {Kind::gauge, Unit::none, "hostmeter_series", "Series the agent holds."},
    {Kind::counter, Unit::none, "hostmeter_series_refused_total",
     "Series left out because limits.series was reached."},
    {Kind::counter, Unit::none, "hostmeter_stale_records_total",
     "Records dropped because their container or device was gone already."},
    {Kind::gauge, Unit::seconds, Encoding::age, "hostmeter_snapshot_age_seconds",
     "Time since the reading of the served snapshot began."},
    {Kind::counter, Unit::none, "hostmeter_scrapes_refused_total",
     "Connections closed unanswered because too many others were waiting."},
    {Kind::gauge, Unit::none, "hostmeter_printed_series",
     "Series that scripts print and are shown."},
    {Kind::gauge, Unit::none, "hostmeter_printed_series_left_out",
     "Series that scripts print and are not shown: of a metric of ours, of a type that another "
     "script contradicts, there already, or beyond limits.series and limits.printed."},
    {Kind::gauge, Unit::none, "hostmeter_printer_series_left_out",
     "The same of one script or text file; the log names the first of its metrics.", "printer"},
    {Kind::counter, Unit::seconds, "hostmeter_reader_seconds_total", "CPU time a reader used.",
     "reader"},
    {Kind::counter, Unit::none, "hostmeter_parse_errors_total",
     "Malformed kernel answers, refused.", "reader"},
    {Kind::counter, Unit::none, "hostmeter_read_errors_total",
     "Kernel files that are there but could not be read.", "reader"},
    {Kind::gauge, Unit::none, "hostmeter_reader_mode",
     "How a reader reads: 1 for the mode it is in.", "reader,mode"},
};

constexpr FieldSeries kAgent[] = {
    series(Agent::start_time_ns, kMetrics[start_time]),
    series(Agent::cpu_ns, kMetrics[cpu]),
    series(Agent::resident_bytes, kMetrics[resident]),
    series(Agent::open_files, kMetrics[open_files]),
    series(Agent::ticks_complete, kMetrics[ticks], "complete"),
    series(Agent::ticks_skipped, kMetrics[ticks], "skipped"),
    series(Agent::ticks_abandoned, kMetrics[ticks], "abandoned"),
};
constexpr FieldSeries kBuild[] = {series(Build::one, kMetrics[build])};
constexpr FieldSeries kRing[] = {
    series(RingField::dropped, kMetrics[ring_dropped]),
    series(RingField::capacity, kMetrics[ring_capacity]),
    series(RingField::news_delayed, kMetrics[news_delayed]),
    series(RingField::printer_left_out, kMetrics[printer_left_out]),
};
constexpr FieldSeries kSeriesTable[] = {
    series(SeriesTableField::series, kMetrics[series_bound]),
    series(SeriesTableField::refused, kMetrics[series_refused]),
    series(SeriesTableField::stale_records, kMetrics[stale]),
    series(SeriesTableField::snapshot_monotonic_ns, kMetrics[age]),
    series(SeriesTableField::scrapes_refused, kMetrics[scrapes_refused]),
    series(SeriesTableField::printed, kMetrics[printed]),
    series(SeriesTableField::printed_left_out, kMetrics[printed_left_out]),
};
constexpr FieldSeries kReader[] = {
    series(ReaderField::busy_ns, kMetrics[busy]),
    series(ReaderField::parse_errors, kMetrics[parse_errors]),
    series(ReaderField::read_errors, kMetrics[read_errors]),
    series(ReaderField::mode_walk, kMetrics[mode], "walk"),
    series(ReaderField::mode_bpf, kMetrics[mode], "bpf"),
    series(ReaderField::mode_file, kMetrics[mode], "file"),
    series(ReaderField::mode_off, kMetrics[mode], "off"),
};
constexpr GroupSeries kGroups[] = {
    group_series<Agent>(kAgent),
    group_series<Build>(kBuild, "version,compiler"),
    group_series<RingField>(kRing, "ring,printer"),
    group_series<SeriesTableField>(kSeriesTable),
    group_series<ReaderField>(kReader, "reader"),
};

}  // namespace

extern const CollectorSpec agent{
    .name = "agent", .scope = Scope::host, .metrics = kMetrics, .groups = kGroups};

}  // namespace hostmeter::collect
