#include "hostmeter/flow/facts/time.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <ctime>

#include "source/proc/reader_spec.hpp"
#include "support/captured.hpp"
#include "support/made_up_host.hpp"

using namespace hostmeter;

namespace hostmeter::source::proc {
extern const ReaderSpec time;
}

namespace {
unsigned gone(const test::Captured& out) {
  unsigned count = 0;
  for (const NewsItem& item : out.news) count += std::holds_alternative<GoneInstance>(item);
  return count;
}
}  // namespace

TEST_CASE("the wall clock is the tick's, and a recorded host has no zone of ours") {
  test::MadeUpHost made_up("");
  test::Captured out;
  source::proc::time.make(made_up.host, {})->read({.realtime_ns = 1'700'000'000'000'000'123}, out);
  CHECK(out.value(TimeField::now_ns) == 1'700'000'000'000'000'123);
  CHECK(out.news.empty());
}

TEST_CASE("the zone follows summer time, and may be west of Greenwich") {
  ::setenv("TZ", "EST5EDT,M3.2.0,M11.1.0", 1);
  ::tzset();
  test::MadeUpHost made_up("");
  made_up.host.live = true;
  const auto reader = source::proc::time.make(made_up.host, {});
  test::Captured out;
  constexpr std::uint64_t kJanuary = 1'704'110'400'000'000'000, kJuly = 1'719'835'200'000'000'000;
  reader->read({.number = 1, .realtime_ns = kJanuary}, out);
  CHECK(out.real(TimeZone::offset_seconds, kHost, out.instance("EST")) == -18000);
  reader->read({.number = 2, .realtime_ns = kJuly}, out);
  CHECK(out.real(TimeZone::offset_seconds, kHost, out.instance("EDT")) == -14400);
  CHECK(gone(out) == 1);
}
