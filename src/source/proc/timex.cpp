// adjtimex(2): how the kernel's clock is disciplined. There is no file that says so: a recorded
// host has none of it.
#include "source/proc/timex.hpp"

#include "hostmeter/base/text.hpp"
#include "source/proc/reader_spec.hpp"

namespace hostmeter::source::proc {
namespace {

// Frequencies are in parts per million, shifted left by 16.
constexpr double kScaledPpm = 65536.0 * 1'000'000.0;

std::optional<std::uint64_t> not_negative(long value) {
  if (value < 0) return {};
  return std::uint64_t(value);
}

std::optional<std::uint64_t> us_to_ns(long us) {
  const auto value = not_negative(us);
  if (!value) return {};
  return scaled(*value, 1000);
}

class TimexReader final : public Reader {
 public:
  explicit TimexReader(bool live) : live_(live) {}

  void read(const Tick&, Output& out) override {
    if (!live_) return;
    ::timex clock{};  // modes 0: only asks
    const int state = ::adjtimex(&clock);
    if (state < 0) failed(Error{errno, "adjtimex"});
    out.send(kHost, state < 0 ? Facts<Timex>{} : timex_facts(clock, state));
  }
  Mode mode() const override { return live_ ? Mode::file : Mode::off; }

 private:
  bool live_;
};

}  // namespace

Facts<Timex> timex_facts(const ::timex& clock, int state) {
  const double unit = (clock.status & STA_NANO) != 0 ? 1e-9 : 1e-6;
  Facts<Timex> facts;
  facts.set_real(Timex::offset_seconds, double(clock.offset) * unit);
  facts.set_real(Timex::frequency_ratio, 1 + double(clock.freq) / kScaledPpm);
  facts.set(Timex::max_error_ns, us_to_ns(clock.maxerror));
  facts.set(Timex::estimated_error_ns, us_to_ns(clock.esterror));
  facts.set(Timex::status, not_negative(clock.status));
  facts.set(Timex::loop_time_constant, not_negative(clock.constant));
  facts.set(Timex::tick_ns, us_to_ns(clock.tick));
  facts.set_real(Timex::pps_frequency_hertz, double(clock.ppsfreq) / kScaledPpm);
  facts.set_real(Timex::pps_jitter_seconds, double(clock.jitter) * unit);
  facts.set_real(Timex::pps_shift_seconds, double(clock.shift));
  facts.set_real(Timex::pps_stability_hertz, double(clock.stabil) / kScaledPpm);
  facts.set(Timex::pps_jitter, not_negative(clock.jitcnt));
  facts.set(Timex::pps_calibrations, not_negative(clock.calcnt));
  facts.set(Timex::pps_errors, not_negative(clock.errcnt));
  facts.set(Timex::pps_stability_exceeded, not_negative(clock.stbcnt));
  facts.set_real(Timex::tai_offset_seconds, double(clock.tai));
  facts.set(Timex::synchronised, state == TIME_ERROR ? 0 : 1);
  return facts;
}

extern const ReaderSpec timex{"timex", [](Host& host, const Options&) -> std::unique_ptr<Reader> {
                                return std::make_unique<TimexReader>(host.live);
                              }};

}  // namespace hostmeter::source::proc
