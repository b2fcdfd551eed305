// Discipline of the host's clock.
#include "hostmeter/flow/facts/timex.hpp"

#include "hostmeter/collect/series_in_order.hpp"

namespace hostmeter::collect {
namespace {

constexpr MetricDesc kMetrics[] = {
    {Kind::gauge, Unit::seconds, Encoding::real, "node_timex_offset_seconds",
     "Offset between the local clock and its reference."},
    {Kind::gauge, Unit::ratio, "node_timex_frequency_adjustment_ratio",
     "Rate of the local clock after correction, 1 for none."},
    {Kind::gauge, Unit::seconds, "node_timex_maxerror_seconds",
     "Largest possible error of the clock."},
    {Kind::gauge, Unit::seconds, "node_timex_estimated_error_seconds",
     "Estimated error of the clock."},
    {Kind::gauge, Unit::none, "node_timex_status", "Status bits of the clock, as in adjtimex."},
    {Kind::gauge, Unit::none, "node_timex_loop_time_constant",
     "Time constant of the phase-locked loop."},
    {Kind::gauge, Unit::seconds, "node_timex_tick_seconds", "Time between ticks of the clock."},
    {Kind::gauge, Unit::hertz, "node_timex_pps_frequency_hertz",
     "Frequency offset of the pulse-per-second signal."},
    {Kind::gauge, Unit::seconds, Encoding::real, "node_timex_pps_jitter_seconds",
     "Jitter of the pulse-per-second signal."},
    {Kind::gauge, Unit::seconds, Encoding::real, "node_timex_pps_shift_seconds",
     "Length of the calibration interval, as a power of two of seconds."},
    {Kind::gauge, Unit::hertz, "node_timex_pps_stability_hertz",
     "Average wander of the pulse-per-second frequency."},
    {Kind::counter, Unit::none, "node_timex_pps_jitter_total",
     "Pulses whose jitter was too large."},
    {Kind::counter, Unit::none, "node_timex_pps_calibration_total", "Calibration intervals."},
    {Kind::counter, Unit::none, "node_timex_pps_error_total", "Calibrations that failed."},
    {Kind::counter, Unit::none, "node_timex_pps_stability_exceeded_total",
     "Calibrations whose wander was too large."},
    {Kind::gauge, Unit::seconds, Encoding::real, "node_timex_tai_offset_seconds",
     "Offset between international atomic time and UTC."},
    {Kind::gauge, Unit::none, "node_timex_sync_status",
     "1 when the clock is synchronised with a reference, else 0."},
};

constexpr auto kSeries = series_in_order<Timex>(kMetrics);
constexpr GroupSeries kGroups[] = {group_series<Timex>(kSeries)};

}  // namespace

extern const CollectorSpec timex{
    .name = "timex", .scope = Scope::host, .metrics = kMetrics, .groups = kGroups};

}  // namespace hostmeter::collect
