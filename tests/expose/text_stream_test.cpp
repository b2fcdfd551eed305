#include "expose/text_stream.hpp"

#include <doctest/doctest.h>

#include <string>

#include "store/series_table.hpp"

using namespace hostmeter;

namespace {

constexpr MetricDesc kLoad{Kind::gauge, Unit::none, "load", "Load \\ of it."};
constexpr MetricDesc kCpu{Kind::counter, Unit::seconds, "cpu_seconds_total", "CPU.", "cpu"};
constexpr MetricDesc kNever{Kind::gauge, Unit::none, "never", "Never set."};

struct Fixture {
  store::SeriesTable series{{{&kLoad, "l"}, {&kCpu, "c"}, {&kNever, "n"}}, {}};
  store::Snapshot snapshot;

  explicit Fixture(int cpus) {
    series.set(series.bind(kLoad, kNoOwner, {}), 3);
    series.bind(kNever, kNoOwner, {});
    for (int i = 0; i < cpus; ++i) {
      const std::string name = std::to_string(i);
      const std::string_view values[] = {name};
      series.set(series.bind(kCpu, kNoOwner, values), std::uint64_t(i) * 1'000'000'000);
    }
    series.copy_to(snapshot);
  }
  std::string render(std::size_t piece) {
    expose::TextStream stream(snapshot, {.families = {0, 1, 2}}, 0);
    std::vector<char> buffer(piece);
    std::string text;
    while (const std::size_t length = stream.fill(buffer)) text.append(buffer.data(), length);
    return text;
  }
};

}  // namespace

TEST_CASE("families with HELP and TYPE, their series behind them, empty families left out") {
  CHECK(Fixture(2).render(4096) ==
        "# HELP cpu_seconds_total CPU.\n"
        "# TYPE cpu_seconds_total counter\n"
        "cpu_seconds_total{cpu=\"0\"} 0\n"
        "cpu_seconds_total{cpu=\"1\"} 1\n"
        "# HELP load Load \\\\ of it.\n"
        "# TYPE load gauge\n"
        "load 3\n");
}

TEST_CASE("pieces of any size add up to the same text") {
  Fixture many(200);
  const std::string whole = many.render(1 << 20);
  CHECK(whole.size() > 5000);
  for (const std::size_t piece : {100U, 128U, 333U, 4096U}) {
    CAPTURE(piece);
    CHECK(many.render(piece) == whole);
  }
}
