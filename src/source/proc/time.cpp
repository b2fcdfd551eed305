// The wall clock as the tick has it, and the time zone this process runs in.
#include "hostmeter/flow/facts/time.hpp"

#include <ctime>

#include "source/proc/reader_spec.hpp"

namespace hostmeter::source::proc {
namespace {

class TimeReader final : public Reader {
 public:
  explicit TimeReader(Host& host) : live_(host.live), zones_(host.instances, kHost) {}

  void read(const Tick& tick, Output& out) override {
    Facts<TimeField> facts;
    facts.set(TimeField::now_ns, tick.realtime_ns);
    out.send(kHost, facts);
    if (live_) send_zone(std::time_t(tick.realtime_ns / 1'000'000'000), out);
  }

 private:
  // libc reads the zone's file once, at the first call; after that no call blocks.
  void send_zone(std::time_t now, Output& out) {
    zones_.begin();
    std::tm local{};
    if (::localtime_r(&now, &local) != nullptr && local.tm_zone != nullptr) {
      Facts<TimeZone> facts;
      facts.set_real(TimeZone::offset_seconds, double(local.tm_gmtoff));
      out.send(kHost, facts, zones_.get(out, local.tm_zone));
    }
    zones_.end(out);
  }

  bool live_;
  InstanceSet zones_;
};

}  // namespace

extern const ReaderSpec time{"time", [](Host& host, const Options&) -> std::unique_ptr<Reader> {
                               return std::make_unique<TimeReader>(host);
                             }};

}  // namespace hostmeter::source::proc
