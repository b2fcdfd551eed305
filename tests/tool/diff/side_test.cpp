#include "tool/diff/side.hpp"

#include <doctest/doctest.h>

using namespace hostmeter;
using namespace hostmeter::tool;

namespace {

MetricFamily family(std::string name, MetricType type, std::vector<MetricFamily::Series> series) {
  return {.name = std::move(name), .type = type, .series = std::move(series)};
}

}  // namespace

TEST_CASE("a series keeps what it was at first, at last, at least and at most") {
  const Selection all;
  Side side(all);
  double at = 10;
  for (const double value : {5.0, 2.0, 9.0, 7.0}) {
    at += 2;
    side.observe({family("g", MetricType::gauge, {{"g", "a=\"b\"", value}}),
                  family("c", MetricType::counter, {{"c", "", at}})},
                 at);
  }
  const Side::Series& gauge = side.series().at("g{a=\"b\"}");
  CHECK(gauge.first == 5);
  CHECK(gauge.last == 7);
  CHECK(gauge.least == 2);
  CHECK(gauge.most == 9);
  CHECK(gauge.scrapes == 4);
  CHECK_FALSE(gauge.has_rate());
  CHECK(side.series().at("c{}").rate() == 1);
}

TEST_CASE("buckets and sums count up, quantiles do not, and what fell has no rate") {
  const Selection all;
  Side side(all);
  for (const double at : {1.0, 2.0})
    side.observe(
        {family("h", MetricType::histogram, {{"h_bucket", "le=\"1\"", at}}),
         family("s", MetricType::summary, {{"s", "quantile=\"1\"", at}, {"s_sum", "", at}}),
         family("c", MetricType::counter, {{"c", "", -at}})},
        at);
  CHECK(side.series().at("h_bucket{le=\"1\"}").has_rate());
  CHECK(side.series().at("h_bucket{le=\"1\"}").family == "h");
  CHECK_FALSE(side.series().at("s{quantile=\"1\"}").is_counter);
  CHECK(side.series().at("s_sum{}").has_rate());
  CHECK_FALSE(side.series().at("c{}").has_rate());
}

TEST_CASE("families are chosen and renamed, with their samples") {
  const Selection selection{.families = {{"b_*"}, {"b_x"}},
                            .renamed = {{"a_*", "b_*"}, {"q", "b_q"}}};
  Side side(selection);
  side.observe({family("a_h", MetricType::histogram, {{"a_h_sum", "", 1}}),
                family("a_x", MetricType::gauge, {{"a_x", "", 1}}),
                family("q", MetricType::gauge, {{"q", "", 1}}),
                family("other", MetricType::gauge, {{"other", "", 1}})},
               0);
  CHECK(side.series().size() == 2);
  CHECK(side.series().contains("b_h_sum{}"));
  CHECK(side.series().contains("b_q{}"));
  CHECK(side.types().at("b_h") == MetricType::histogram);
  CHECK(renamed("abc_total", {{"a*_total", "x*y"}}) == "xbcy");
  CHECK(renamed("aa", {{"aa*a", "x"}}) == "aa");
}

TEST_CASE("labels that do not count are left out, and twins are not compared") {
  const Selection selection{.ignored_labels = {"host"}};
  Side side(selection);
  for (int i = 0; i < 2; ++i)
    side.observe({family("g", MetricType::gauge,
                         {{"g", "a=\"1\",host=\"x\"", 1},
                          {"g", "a=\"2\",host=\"x\"", 1},
                          {"g", "a=\"2\",host=\"y\"", 2}})},
                 i);
  CHECK(side.series().size() == 1);
  CHECK(side.series().contains("g{a=\"1\"}"));
  CHECK(side.ambiguous() == 1);
}

TEST_CASE("labels are parted, whatever is in their values") {
  CHECK(labels_of("") == Side::Labels{});
  CHECK(labels_of(R"(a="b,c=\"d\"",e="\\")") ==
        Side::Labels{{"a", R"(b,c=\"d\")"}, {"e", R"(\\)"}});
}
