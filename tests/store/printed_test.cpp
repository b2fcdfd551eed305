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
    for (const MetricFamily::Series& series : metric.series)
      all.push_back(series.name + "{" + series.labels + "} " + std::to_string(int(series.value)));
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

TEST_CASE("there are no more series than may be") {
  Printers printers({.max_series = 2, .labels = {}, .is_taken = {}});
  printers.set("a", {gauge("m", {"x=\"1\"", "x=\"2\"", "x=\"3\""}), gauge("n", {""})});
  CHECK(lines(printers).size() == 2);
  CHECK(printers.left_out() == 2);
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
