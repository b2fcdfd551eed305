// Files of metrics that others leave for us.
#include "hostmeter/flow/facts/textfile.hpp"

#include "hostmeter/collect/collector.hpp"

namespace hostmeter::collect {
namespace {

enum { mtime, any_error, error, series_read, bad_lines };
constexpr MetricDesc kMetrics[] = {
    {Kind::gauge, Unit::seconds, "node_textfile_mtime_seconds",
     "Unix time at which a file that was taken was last changed.", "file"},
    {Kind::gauge, Unit::none, "node_textfile_scrape_error",
     "1 if something of some file could not be read or is too old, else 0."},
    {Kind::gauge, Unit::none, "hostmeter_textfile_error",
     "1 if something of this file, or all of it, could not be read or is too old, else 0; the log "
     "says why. What is left out because others have it is in hostmeter_printer_series_left_out.",
     "file"},
    {Kind::gauge, Unit::none, "hostmeter_textfile_series", "Series in a file.", "file"},
    {Kind::gauge, Unit::none, "hostmeter_textfile_bad_lines",
     "Lines of a file that were refused: each costs itself.", "file"},
};

constexpr FieldSeries kFile[] = {
    series(Textfile::mtime_ns, kMetrics[mtime]),
    series(Textfile::error, kMetrics[error]),
    series(Textfile::series, kMetrics[series_read]),
    series(Textfile::bad_lines, kMetrics[bad_lines]),
};
constexpr FieldSeries kAll[] = {series(Textfiles::error, kMetrics[any_error])};
constexpr GroupSeries kGroups[] = {group_series<Textfile>(kFile, "file"),
                                   group_series<Textfiles>(kAll)};

}  // namespace

extern const CollectorSpec textfile{
    .name = "textfile", .scope = Scope::host, .metrics = kMetrics, .groups = kGroups};

}  // namespace hostmeter::collect
