#include "store/printed.hpp"

#include <doctest/doctest.h>

using namespace hostmeter;
using namespace hostmeter::store;

namespace {

MetricFamily gauge(const std::string& name, std::vector<std::string> labels, double value = 1) {
  MetricFamily family{.name = name, .type = MetricType::gauge, .help = "Of " + name, .unit = {}};
  for (std::string& one : labels) family.series.push_back({name, std::move(one), value});
  return family;
}

// As `name{labels} value`.
std::vector<std::string> lines(Printers& printers) {
  std::vector<std::string> all;
  const auto printed = printers.metrics();
  if (!printed) return all;
  for (const PrintedMetrics::Metric& metric : printed->metrics)
    for (const MetricFamily::Series* series : metric.series)
      all.push_back(series->name + "{" + series->labels + "} " +
                    std::to_string(int(series->value)));
  return all;
}
using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("what a script prints takes the place of what it printed before") {
  Printers printers({.max_series = 100, .labels = {}, .is_taken = {}});
  CHECK(lines(printers).empty());
  printers.set("a", {gauge("m", {"x=\"1\"", "x=\"2\""}), gauge("k", {""})});
  CHECK(lines(printers) == Lines{"k{} 1", "m{x=\"1\"} 1", "m{x=\"2\"} 1"});
  const auto held = printers.metrics();
  CHECK(held == printers.metrics());  // nothing changed, nothing was made
  printers.set("a", {gauge("m", {"x=\"2\""}, 5)});
  CHECK(lines(printers) == Lines{"m{x=\"2\"} 5"});
  CHECK(held->metrics.size() == 2);  // what a snapshot holds stays
  printers.set("a", {});
  CHECK(printers.metrics() == nullptr);
  CHECK(printers.series() == 0);
}

TEST_CASE("a metric of several scripts is one metric") {
  Printers printers({.max_series = 100, .labels = {}, .is_taken = {}});
  printers.set("b", {gauge("m", {"by=\"b\""})});
  printers.set("a", {gauge("m", {"by=\"a\""})});
  CHECK(printers.metrics()->metrics.size() == 1);
  CHECK(lines(printers) == Lines{"m{by=\"a\"} 1", "m{by=\"b\"} 1"});
  CHECK(printers.left_out() == 0);
}

TEST_CASE("of two scripts that contradict each other the first by name stands") {
  Printers printers({.max_series = 100, .labels = {}, .is_taken = {}});
  printers.set("b", {gauge("m", {"", "x=\"1\""}, 2)});
  printers.set("a", {gauge("m", {""}, 1)});
  MetricFamily counter = gauge("m", {"y=\"1\"", "y=\"2\""}, 3);
  counter.type = MetricType::counter;
  printers.set("c", {counter});
  CHECK(lines(printers) == Lines{"m{} 1", "m{x=\"1\"} 2"});
  CHECK(printers.series() == 2);
  CHECK(printers.left_out() == 3);
  printers.set("a", {});
  CHECK(lines(printers) == Lines{"m{} 2", "m{x=\"1\"} 2"});
}

TEST_CASE("our own metrics stand before those of scripts, and their samples too") {
  Printers printers({.max_series = 100, .labels = {}, .is_taken = [](std::string_view name) {
                       return name == "node_load1" || name == "h_count";
                     }});
  MetricFamily histogram{.name = "h", .type = MetricType::histogram, .help = {}, .unit = {}};
  histogram.series = {{"h_bucket", "le=\"1\"", 1}, {"h_sum", "", 1}, {"h_count", "", 1}};
  printers.set("a", {gauge("node_load1", {""}), gauge("fine", {""}), histogram});
  CHECK(lines(printers) == Lines{"fine{} 1"});
  CHECK(printers.left_out() == 4);
}

TEST_CASE("labels for every series do not replace a series' own") {
  Printers printers(
      {.max_series = 100, .labels = {{"host", "h\"1"}, {"site", "s"}}, .is_taken = {}});
  printers.set("a", {gauge("m", {"", "site=\"own\"", "a=\"\\\",site=\\\"\""})});
  CHECK(lines(printers) == Lines{"m{host=\"h\\\"1\",site=\"s\"} 1",
                                 "m{site=\"own\",host=\"h\\\"1\"} 1",
                                 "m{a=\"\\\",site=\\\"\",host=\"h\\\"1\",site=\"s\"} 1"});
}

TEST_CASE("there are no more series than may be, and who prints most costs himself") {
  Printers printers({.max_series = 3, .labels = {}, .is_taken = {}});
  printers.set("a", {gauge("a", {"x=\"1\"", "x=\"2\"", "x=\"3\""})});
  CHECK(lines(printers).size() == 3);
  printers.set("b", {gauge("b", {""})});
  CHECK(lines(printers) == Lines{"b{} 1"});
  CHECK(printers.left_out() == 3);
  printers.set("a", {gauge("a", {""})});
  CHECK(lines(printers) == Lines{"a{} 1", "b{} 1"});
  CHECK(printers.left_out() == 0);
}

TEST_CASE("there is no more in memory than may be; what is too large is let go as a whole") {
  constexpr std::size_t kMost = 64U << 10;
  Printers printers({.max_series = 100'000, .labels = {}, .is_taken = {}, .max_bytes = kMost});
  const std::string padding(1'000, 'x');
  const auto padded = [&](const std::string& name, int count) {
    std::vector<std::string> labels;
    for (int i = 0; i < count; ++i) labels.push_back(std::to_string(i) + padding);
    return std::vector<MetricFamily>{gauge(name, labels)};
  };
  printers.set("small", padded("z", 2));
  const std::size_t small = printers.held_bytes();
  CHECK(small > 2'000);
  printers.set("large", padded("a", 40));
  CHECK(printers.left_out() == 0);
  printers.set("larger", padded("b", 50));
  CHECK(printers.held_bytes() < kMost);
  CHECK(lines(printers).size() == 42);
  CHECK(printers.left_out() == 50);
  CHECK(printers.metrics()->said.size() == 2);  // nothing of it is held
  CHECK(printers.take_remarks() ==
        Lines{"of what larger printed 50 series are left out: all of it would be too much for all "
              "together"});
  printers.set("larger", padded("b", 10));
  CHECK(lines(printers).size() == 52);
  for (const char* by : {"large", "larger"}) printers.set(by, {});
  CHECK(printers.held_bytes() == small);
}

TEST_CASE("what did not change is not copied when something else does") {
  Printers printers({.max_series = 100, .labels = {{"host", "h"}}, .is_taken = {}});
  printers.set("a", {gauge("m", {""})});
  const auto first = printers.metrics();
  printers.set("b", {gauge("n", {""})});
  const auto second = printers.metrics();
  CHECK(first->metrics[0].series[0] == second->metrics[0].series[0]);
  CHECK(first->metrics[0].name.data() == second->metrics[0].name.data());
}

TEST_CASE("what is left out is counted for each of them, and remarked on once for each change") {
  Printers printers({.max_series = 100, .labels = {}, .is_taken = [](std::string_view name) {
                       return name == "node_load1";
                     }});
  const auto left_out = [&] {
    printers.metrics();
    Lines all;
    printers.for_each([&](const std::string& by, std::size_t count) {
      all.push_back(by + " " + std::to_string(count));
    });
    return all;
  };
  printers.set("a", {gauge("m", {""})});
  printers.set("b", {gauge("m", {""}), gauge("node_load1", {"x=\"1\"", "x=\"2\""})});
  CHECK(left_out() == Lines{"a 0", "b 3"});
  CHECK(printers.take_remarks() == Lines{"of what b printed 3 series are left out: node_load1 is a "
                                         "metric of the agent's own"});
  printers.set("b", {gauge("m", {""}), gauge("node_load1", {""})});
  CHECK(left_out() == Lines{"a 0", "b 2"});
  CHECK(printers.take_remarks().empty());
  printers.set("b", {gauge("m", {""})});
  CHECK(left_out() == Lines{"a 0", "b 1"});
  CHECK(printers.take_remarks() ==
        Lines{"of what b printed 1 series are left out: m has the same series elsewhere"});
  printers.set("a", {});
  CHECK(left_out() == Lines{"b 0"});
  CHECK(printers.take_remarks().empty());
}

TEST_CASE("a label of every series makes no line twice") {
  Printers printers({.max_series = 100, .labels = {{"host", "h"}}, .is_taken = {}});
  printers.set("a", {gauge("m", {"", "host=\"h\""})});
  CHECK(lines(printers) == Lines{"m{host=\"h\"} 1"});
  CHECK(printers.left_out() == 1);
}

TEST_CASE("what each of them said is kept apart too, and as it was said") {
  store::Printers printers({.max_series = 10, .labels = {}, .is_taken = {}});
  const std::vector<MetricFamily> up{{.name = "up", .series = {{"up", "", 1}}}};
  const std::vector<MetricFamily> down{{.name = "up", .series = {{"up", "", 0}}}};
  printers.set("b", down);
  printers.set("a", up);
  const auto first = printers.metrics();
  REQUIRE(first->said.size() == 2);
  CHECK(first->said[0].by == "a");
  CHECK(*first->said[0].families == up);
  CHECK(*first->said[1].families == down);
  printers.set("a", up);
  CHECK(printers.metrics()->said[0].families != first->said[0].families);  // said again
  CHECK(printers.metrics()->said[1].families == first->said[1].families);
}

TEST_CASE("where nobody shows them together, nobody contradicts another") {
  Printers printers({.max_series = 3,
                     .labels = {},
                     .is_taken = [](std::string_view) { return true; },
                     .are_together = false});
  printers.set("a", {gauge("m", {""})});
  printers.set("b", {gauge("m", {""})});
  REQUIRE(printers.metrics());
  CHECK(printers.metrics()->said.size() == 2);
  CHECK(printers.metrics()->metrics.empty());
  CHECK(printers.series() == 2);
  CHECK(printers.left_out() == 0);
  CHECK(printers.take_remarks().empty());
  printers.set("c", {gauge("n", {"a=\"1\"", "a=\"2\""})});
  printers.metrics();
  CHECK(printers.left_out() == 2);  // what is too much for all together still is
}
