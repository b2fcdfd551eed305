#include "store/series_table.hpp"

#include <doctest/doctest.h>

#include <set>

using namespace hostmeter;
using store::SeriesTable;
using store::Snapshot;

namespace {

constexpr MetricDesc kB{Kind::gauge, Unit::none, "b", "Test.", "device,empty"};
constexpr MetricDesc kA{Kind::gauge, Unit::none, "a", "Test."};

std::set<std::string> lines(const Snapshot& snapshot) {
  std::set<std::string> all;
  for (std::size_t i = 0; i < snapshot.lines.size(); ++i)
    for (const store::Line& line : *snapshot.lines[i])
      if (snapshot.present[line.series])
        all.insert(std::string((*snapshot.families)[i].metric->name) +
                   std::string(line.owner->view()) + std::string(line.rest->view()) +
                   std::to_string(snapshot.values[line.series]));
  return all;
}

SeriesTable table(SeriesTable::Options options = {}) {
  return SeriesTable({{&kB, "c"}, {&kA, "c"}}, std::move(options));
}

}  // namespace

TEST_CASE("a series carries its container's labels, its own and the global ones") {
  SeriesTable series({{&kB, "c"}, {&kA, "c"}}, {.max_series = 10, .labels = {{"dc", "eu-1"}}});
  series.set_owner(3, "{id=\"/docker/0123\"");
  series.set_owner(4, "{id=\"/lxc.payload.c1\",name=\"c1\"");
  const std::string_view values[] = {"sda", ""};
  series.set(series.bind(kB, 3, values), 7);
  series.set(series.bind(kA, 4, {}), 8);
  series.set(series.bind(kA, kNoOwner, {}), 9);
  Snapshot snapshot;
  series.copy_to(snapshot);
  CHECK(lines(snapshot) == std::set<std::string>{
                               R"(b{id="/docker/0123",device="sda",dc="eu-1"} 7)",
                               R"(a{id="/lxc.payload.c1",name="c1",dc="eu-1"} 8)",
                               R"(a{dc="eu-1"} 9)",
                           });
  CHECK((*snapshot.families)[0].metric->name == "a");  // sorted
}

TEST_CASE("a snapshot stays what it was while series come and go") {
  SeriesTable series = table();
  const std::string_view sda[] = {"sda", ""}, sdb[] = {"sdb", ""}, sdc[] = {"sdc", ""};
  const SeriesId a = series.bind(kB, kNoOwner, sda);
  const SeriesId b = series.bind(kB, kNoOwner, sdb);
  series.set(a, 1);
  series.set(b, 2);
  Snapshot before, after;
  series.copy_to(before);
  series.unbind(a);
  series.set(series.bind(kB, kNoOwner, sdc), 3);
  series.set(b, 20);
  series.copy_to(after);
  series.reclaim(before.sequence);  // a reader still holds the first
  CHECK(lines(before) == std::set<std::string>{R"(b{device="sda"} 1)", R"(b{device="sdb"} 2)"});
  CHECK(lines(after) == std::set<std::string>{R"(b{device="sdb"} 20)", R"(b{device="sdc"} 3)"});
  series.reclaim(after.sequence);
  CHECK(lines(after).size() == 2);
}

TEST_CASE("a snapshot keeps the labels of a container that is gone") {
  SeriesTable series = table();
  series.set_owner(3, "{id=\"/docker/one\"");
  const SeriesId one = series.bind(kA, 3, {});
  series.set(one, 1);
  Snapshot before, after;
  series.copy_to(before);
  series.unbind(one);
  series.drop_owner(3);
  series.set_owner(3, "{id=\"/docker/two\"");
  series.set(series.bind(kA, 3, {}), 2);
  series.copy_to(after);
  series.reclaim(before.sequence);
  CHECK(lines(before) == std::set<std::string>{R"(a{id="/docker/one"} 1)"});
  CHECK(lines(after) == std::set<std::string>{R"(a{id="/docker/two"} 2)"});
}

TEST_CASE("snapshots filled in turn each have all that changed since they were filled") {
  static constexpr std::uint64_t kBounds[] = {1, 2, 4};
  static constexpr MetricDesc kWaits{Unit::seconds, kBounds, "w_seconds", "Test.", "device"};
  SeriesTable series({{&kB, "c"}, {&kWaits, "c"}}, {});
  std::vector<SeriesId> ids, histograms;
  Snapshot snapshots[3];
  for (int round = 1; round < 600; ++round) {
    const std::string name = std::to_string(round);
    const std::string_view device[] = {name, ""};
    if (round < 200) {
      ids.push_back(series.bind(kB, kNoOwner, device));
      histograms.push_back(series.bind(kWaits, kNoOwner, std::span(device, 1)));
    }
    const std::size_t changed = std::size_t(round) * 37 % ids.size();
    const auto value = std::uint64_t(round);
    switch (round % 5) {
      case 0:
        series.clear(ids[changed]);
        break;
      case 1:
        series.renew(ids[changed], value);
        break;
      case 2:
        series.set(SeriesId(histograms[changed] + value % kWaits.cells()), value);
        break;
      case 3:
        series.unbind(ids[changed]);
        ids[changed] = series.bind(kB, kNoOwner, device);
        break;
      default:
        series.set(ids[changed], value);
    }
    // One of them is filled again and again, another seldom.
    Snapshot& filled = snapshots[round % 50 == 0 ? 2 : round % 2];
    series.copy_to(filled);
    Snapshot whole;
    series.copy_to(whole);
    CHECK(lines(filled) == lines(whole));
    CHECK(filled.present == whole.present);
  }
}

TEST_CASE("a snapshot of another table is filled whole") {
  SeriesTable one = table(), other = table();
  one.set(one.bind(kA, kNoOwner, {}), 1);
  other.set(other.bind(kA, kNoOwner, {}), 2);
  Snapshot snapshot;
  one.copy_to(snapshot);
  one.copy_to(snapshot);
  other.copy_to(snapshot);
  CHECK(lines(snapshot) == std::set<std::string>{"a 2"});
}

TEST_CASE("a series without any label has no braces") {
  SeriesTable series = table();
  series.set(series.bind(kA, kNoOwner, {}), 1);
  Snapshot snapshot;
  series.copy_to(snapshot);
  CHECK(lines(snapshot) == std::set<std::string>{"a 1"});
}

TEST_CASE("a series given anew begins absent, not with its predecessor's value") {
  SeriesTable series = table();
  const SeriesId a = series.bind(kA, kNoOwner, {});
  series.set(a, 1);
  series.unbind(a);
  CHECK(series.bind(kA, kNoOwner, {}) == a);
  Snapshot snapshot;
  series.copy_to(snapshot);
  CHECK(lines(snapshot).empty());
  CHECK(series.size() == 1);
}

TEST_CASE("beyond the limit a series is refused and counted, those that are in stay") {
  SeriesTable series = table({.max_series = 1, .labels = {}});
  CHECK(series.bind(kA, kNoOwner, {}) != kNoSeries);
  CHECK(series.bind(kA, 2, {}) == kNoSeries);
  CHECK(series.refused() == 1);
}

TEST_CASE("a histogram has its values in a row, counts as its lines, and its place is used again") {
  static constexpr std::uint64_t kBounds[] = {1, 2, 4};
  static constexpr MetricDesc kWaits{Unit::seconds, kBounds, "w_seconds", "Test.", "device"};
  SeriesTable series({{&kWaits, "c"}, {&kA, "c"}}, {.max_series = 8, .labels = {}});
  const std::string_view sda[] = {"sda"}, sdb[] = {"sdb"};
  const SeriesId one = series.bind(kA, kNoOwner, {});
  const SeriesId first = series.bind(kWaits, kNoOwner, sda);
  CHECK(series.size() == 1 + 6);
  CHECK(series.bind(kWaits, kNoOwner, sdb) == kNoSeries);
  CHECK(series.refused() == 1);
  Snapshot snapshot;
  for (SeriesId cell = 0; cell < kWaits.cells(); ++cell) {
    series.copy_to(snapshot);
    CHECK_FALSE(snapshot.shows(kWaits, first));
    series.set(first + cell, cell);
  }
  series.copy_to(snapshot);
  CHECK(snapshot.shows(kWaits, first));
  CHECK((one < first || one >= first + kWaits.cells()));
  series.unbind(first);
  CHECK(series.size() == 1);
  const SeriesId again = series.bind(kWaits, kNoOwner, sdb);
  CHECK(again == first);
  series.copy_to(snapshot);
  CHECK_FALSE(snapshot.shows(kWaits, again));  // nothing is left of the one before
}

TEST_CASE("a container's series take on other labels with their values, older snapshots do not") {
  SeriesTable series = table();
  series.set_owner(3, "{id=\"/x\"");
  const std::string_view sda[] = {"sda", ""};
  const SeriesId a = series.bind(kA, 3, {}), b = series.bind(kB, 3, sda);
  series.set(a, 1);
  series.set(b, 2);
  Snapshot before, after;
  series.copy_to(before);
  series.set_owner(3, "{id=\"/x\",name=\"web\"");
  series.refresh(a);
  series.refresh(b);
  series.copy_to(after);
  series.reclaim(before.sequence);
  CHECK(lines(before) == std::set<std::string>{R"(a{id="/x"} 1)", R"(b{id="/x",device="sda"} 2)"});
  CHECK(lines(after) == std::set<std::string>{R"(a{id="/x",name="web"} 1)",
                                              R"(b{id="/x",name="web",device="sda"} 2)"});
  series.reclaim(after.sequence);
  CHECK(lines(after).size() == 2);
}

TEST_CASE("series that are not shown keep their values until they are") {
  SeriesTable series = table();
  series.set_owner(3, "{id=\"/x\"", false);
  const std::string_view sda[] = {"sda", ""};
  const SeriesId a = series.bind(kA, 3, {}), other = series.bind(kA, kNoOwner, {});
  const SeriesId b = series.bind(kB, 3, sda), gone = series.bind(kA, 3, {});
  series.set(a, 1);
  series.set(b, 2);
  series.set(other, 3);
  Snapshot snapshot;
  series.copy_to(snapshot);
  CHECK(lines(snapshot) == std::set<std::string>{"a 3"});
  CHECK(series.size() == 4);
  series.unbind(gone);
  series.set_owner(3, "{id=\"/x\"", true);
  for (const SeriesId id : {a, b, other}) series.refresh(id);
  series.copy_to(snapshot);
  CHECK(lines(snapshot) ==
        std::set<std::string>{"a 3", R"(a{id="/x"} 1)", R"(b{id="/x",device="sda"} 2)"});
  series.set_owner(3, "{id=\"/x\"", false);
  for (const SeriesId id : {a, b}) series.refresh(id);
  series.unbind(a);
  series.copy_to(snapshot);
  CHECK(lines(snapshot) == std::set<std::string>{"a 3"});
}

TEST_CASE("labels that are a series' own may be given as they are written") {
  SeriesTable series = table({.max_series = 10, .labels = {{"dc", "eu"}}});
  series.set_owner(3, "{id=\"/x\"");
  series.set(series.bind_text(kA, 3, "k=\"v\""), 1);
  Snapshot snapshot;
  series.copy_to(snapshot);
  CHECK(lines(snapshot) == std::set<std::string>{R"(a{id="/x",k="v",dc="eu"} 1)"});
}

TEST_CASE("a line says whose it is, and since when a metric's lines are what they are") {
  SeriesTable series = table();
  series.set_owner(3, "{id=\"/docker/0123\"");
  series.bind(kA, 3, {});
  series.bind(kA, kNoOwner, {});
  Snapshot snapshot;
  series.copy_to(snapshot);
  CHECK((*snapshot.lines[0])[0].slot == 3);
  CHECK((*snapshot.lines[0])[1].slot == kNoOwner);
  CHECK(snapshot.lines_since == std::vector<std::uint64_t>{1, 1});
  const std::string_view sda[] = {"sda", ""};
  series.bind(kB, kNoOwner, sda);
  series.copy_to(snapshot);
  series.copy_to(snapshot);
  CHECK(snapshot.lines_since == std::vector<std::uint64_t>{1, 2});
}
