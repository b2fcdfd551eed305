#include "tool/diff/compare.hpp"

#include <doctest/doctest.h>

#include <cmath>

using namespace hostmeter;
using namespace hostmeter::tool;

namespace {

using Kind = Difference::Kind;
const Selection kAll;

MetricFamily gauge(const std::string& name, std::vector<std::pair<std::string, double>> series) {
  MetricFamily family{.name = name, .type = MetricType::gauge};
  for (const auto& [labels, value] : series) family.series.push_back({name, labels, value});
  return family;
}

MetricFamily counter(const std::string& name, double value) {
  return {.name = name, .type = MetricType::counter, .series = {{name, "", value}}};
}

// Each list is one scrape, 10 s after the other.
Side side(std::vector<std::vector<MetricFamily>> scrapes) {
  Side side(kAll);
  double at = 0;
  for (const std::vector<MetricFamily>& one : scrapes) side.observe(one, at += 10);
  return side;
}

std::vector<Difference> differences(std::vector<std::vector<MetricFamily>> a,
                                    std::vector<std::vector<MetricFamily>> b,
                                    Tolerance tolerance = {}) {
  return compare(side(std::move(a)), side(std::move(b)), tolerance).differences;
}

}  // namespace

TEST_CASE("what one side lacks is told as a whole, or by series") {
  CHECK(differences({{gauge("x", {{"a=\"1\"", 1}, {"a=\"2\"", 1}}), gauge("y", {{"", 1}})}},
                    {{gauge("y", {{"", 1}}), gauge("z", {{"", 1}})}}) ==
        std::vector<Difference>{{Kind::missing, "x", 2}, {Kind::extra, "z", 1}});
  CHECK(differences({{gauge("x", {{"a=\"1\"", 1}, {"a=\"2\"", 1}})}},
                    {{gauge("x", {{"a=\"1\"", 1}, {"a=\"3\"", 1}})}}) ==
        std::vector<Difference>{{Kind::missing, "x{a=\"2\"}"}, {Kind::extra, "x{a=\"3\"}"}});
}

TEST_CASE("other labels are told once for a metric") {
  CHECK(differences({{gauge("x", {{"a=\"1\",b=\"2\"", 1}, {"a=\"2\",b=\"2\"", 1}})}},
                    {{gauge("x", {{"a=\"1\"", 1}})}}) ==
        std::vector<Difference>{{Kind::labels, "x", 2, "{a,b}", "{a}"}});
}

TEST_CASE("types are compared as the text format has them") {
  CHECK(differences({{counter("x", 1)}}, {{gauge("x", {{"", 1}})}}) ==
        std::vector<Difference>{{Kind::type, "x", 1, "counter", "gauge"}});
}

TEST_CASE("a gauge differs when it was never near the other") {
  const auto x = [](double value) { return std::vector{gauge("x", {{"", value}})}; };
  CHECK(differences({x(100)}, {x(91)}).empty());
  CHECK(differences({x(100)}, {x(89)}) ==
        std::vector<Difference>{{Kind::value, "x{}", 1, "100", "89"}});
  CHECK(differences({x(100)}, {x(89)}, {.relative = 0, .absolute = 11}).empty());
  CHECK(differences({x(1), x(5)}, {x(3), x(4)}).empty());
  CHECK(differences({x(1), x(2)}, {x(3), x(4)}).size() == 1);
  CHECK(differences({x(-1)}, {x(1)}).size() == 1);
  CHECK(differences({x(0)}, {x(0)}, {.relative = 0}).empty());
  CHECK(differences({x(NAN)}, {x(NAN)}).empty());
  CHECK(differences({x(NAN)}, {x(1)}).size() == 1);
  CHECK(differences({x(NAN), x(1)}, {x(1), x(1)}).empty());
  CHECK(differences({x(NAN), x(1)}, {x(NAN), x(2)}).empty());  // both were NaN once
  CHECK(differences({x(NAN), x(1)}, {x(2), x(2)}).size() == 1);
  CHECK(differences({x(INFINITY)}, {x(INFINITY)}).empty());
  CHECK(differences({x(INFINITY)}, {x(1)}).size() == 1);
}

TEST_CASE("a counter differs by its rate, wherever it began") {
  const auto c = [](double value) { return std::vector{counter("c", value)}; };
  CHECK(differences({c(0), c(100)}, {c(5'000), c(5'095)}).empty());
  CHECK(differences({c(0), c(100)}, {c(0), c(50)}) ==
        std::vector<Difference>{{Kind::rate, "c{}", 1, "10/s", "5/s"}});
  const Comparison once = compare(side({c(0)}), side({c(9)}), {});
  CHECK(once.differences.empty());
  CHECK(once.same == 0);
  CHECK(once.not_compared == 1);
  CHECK(compare(side({c(9), c(1)}), side({c(1), c(2)}), {}).not_compared == 1);
}

TEST_CASE("a counter that was NaN once has a rate all the same, one that always was has none") {
  const auto c = [](double value) { return std::vector<MetricFamily>{counter("c", value)}; };
  CHECK(differences({c(NAN), c(10), c(20)}, {c(1), c(11), c(21)}).empty());
  CHECK(differences({c(NAN), c(10), c(20)}, {c(1), c(101), c(201)}).size() == 1);
  CHECK(differences({c(NAN), c(NAN)}, {c(NAN), c(NAN)}).empty());
  CHECK(differences({c(NAN), c(NAN)}, {c(1), c(2)}) ==
        std::vector<Difference>{{Kind::value, "c{}", 1, "nan", "2"}});
}
