#include "expose/histogram.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

#include "expose/text_stream.hpp"
#include "store/series_table.hpp"

using namespace hostmeter;

namespace {

constexpr std::uint64_t kBounds[] = {8'000, 500'000'000, 4'000'000'000};
constexpr MetricDesc kWait{Unit::seconds, kBounds, "wait_seconds", "Waits.", "device"};
constexpr MetricDesc kBare{Unit::seconds, kBounds, "bare_seconds", "Waits."};

struct Fixture {
  store::SeriesTable series;
  store::Snapshot snapshot;

  explicit Fixture(std::vector<std::pair<std::string, std::string>> labels = {})
      : series({{&kWait, "w"}, {&kBare, "b"}}, {.labels = std::move(labels)}) {}

  SeriesId bind(const MetricDesc& metric, std::uint32_t owner,
                std::span<const std::string_view> values, std::uint64_t first) {
    const SeriesId id = series.bind(metric, owner, values);
    series.set(id, 1'500'000'000 * first);
    for (std::uint32_t cell = 1; cell < metric.cells(); ++cell) series.set(id + cell, first + cell);
    return id;
  }
  std::string render(std::size_t piece = 4096) {
    series.copy_to(snapshot);
    expose::TextStream stream(snapshot, {.families = {0, 1}}, 0);
    std::vector<char> buffer(piece);
    std::string text;
    while (const std::size_t length = stream.fill(buffer)) text.append(buffer.data(), length);
    return text;
  }
};

}  // namespace

TEST_CASE("buckets add up, le comes last, the count is that of +Inf") {
  Fixture f;
  f.series.set_owner(3, "{id=\"/docker/1\"");
  const std::string_view device[] = {"/dev/vda"};
  f.bind(kWait, 3, device, 1);
  CHECK(f.render() ==
        "# HELP wait_seconds Waits.\n"
        "# TYPE wait_seconds histogram\n"
        "wait_seconds_bucket{id=\"/docker/1\",device=\"/dev/vda\",le=\"0.000008\"} 2\n"
        "wait_seconds_bucket{id=\"/docker/1\",device=\"/dev/vda\",le=\"0.5\"} 5\n"
        "wait_seconds_bucket{id=\"/docker/1\",device=\"/dev/vda\",le=\"4\"} 9\n"
        "wait_seconds_bucket{id=\"/docker/1\",device=\"/dev/vda\",le=\"+Inf\"} 14\n"
        "wait_seconds_sum{id=\"/docker/1\",device=\"/dev/vda\"} 1.5\n"
        "wait_seconds_count{id=\"/docker/1\",device=\"/dev/vda\"} 14\n");
}

TEST_CASE("with no labels le is alone, and it stands behind those of all series") {
  Fixture bare;
  bare.bind(kBare, kNoOwner, {}, 0);
  CHECK(bare.render().find("\nbare_seconds_bucket{le=\"0.5\"} 3\n") != std::string::npos);
  CHECK(bare.render().find("\nbare_seconds_sum 0\n") != std::string::npos);
  using Labels = std::vector<std::pair<std::string, std::string>>;
  Fixture global(Labels{{"dc", "eu"}});
  global.bind(kBare, kNoOwner, {}, 0);
  CHECK(global.render().find("\nbare_seconds_bucket{dc=\"eu\",le=\"0.5\"} 3\n") !=
        std::string::npos);
  CHECK(global.render().find("\nbare_seconds_count{dc=\"eu\"} 10\n") != std::string::npos);
}

TEST_CASE("a histogram of which anything is absent is left out whole") {
  Fixture f;
  const std::string_view vda[] = {"vda"}, vdb[] = {"vdb"};
  const SeriesId a = f.bind(kWait, kNoOwner, vda, 1);
  f.bind(kWait, kNoOwner, vdb, 1);
  f.series.clear(a + 4);
  CHECK(f.render().find("vda") == std::string::npos);
  CHECK(f.render().find("vdb") != std::string::npos);
}

TEST_CASE("pieces of any size add up to the same text, and never part a histogram") {
  Fixture f;
  for (int i = 0; i < 30; ++i) {
    const std::string name = std::to_string(i);
    const std::string_view values[] = {name};
    f.bind(kWait, kNoOwner, values, std::uint64_t(i));
  }
  const std::string whole = f.render(1 << 20);
  CHECK(std::count(whole.begin(), whole.end(), '\n') == 30 * 6 + 2);
  for (const std::size_t piece : {700U, 999U, 4096U}) {
    CAPTURE(piece);
    CHECK(f.render(piece) == whole);
  }
}
