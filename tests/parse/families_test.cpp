#include "parse/families.hpp"

#include <doctest/doctest.h>

using namespace hostmeter;
using namespace hostmeter::parse;

namespace {

struct Built {
  std::vector<MetricFamily> families;
  std::vector<std::string> complaints;
  std::size_t bad_lines, duplicates, clashes, beyond_limit;
};

Built build(std::string_view text, Dialect dialect = Dialect::prometheus, std::size_t most = 100) {
  FamilyBuilder builder(dialect, most);
  ExpositionParser(dialect).parse(text, builder);
  Built built{
      {}, {}, builder.bad_lines(), builder.duplicates(), builder.clashes(), builder.beyond_limit()};
  for (const Complaint& one : builder.complaints())
    built.complaints.push_back(std::to_string(one.line) + " " + std::string(one.why));
  built.families = builder.take();
  return built;
}

}  // namespace

TEST_CASE("a family has its type, its help and its series") {
  const Built built = build(
      "# HELP certs_days Until then.\n# TYPE certs_days gauge\n"
      "certs_days{target=\"b\",host=\"a\\\"\\n\"} 3\ncerts_days{empty=\"\"} 4\nother 1\n");
  REQUIRE(built.families.size() == 2);
  const MetricFamily& family = built.families[0];
  CHECK(family.name == "certs_days");
  CHECK(family.help == "Until then.");
  CHECK(family.type == MetricType::gauge);
  REQUIRE(family.series.size() == 2);
  CHECK(family.series[0].labels == "host=\"a\\\"\\n\",target=\"b\"");
  CHECK(family.series[0].value == 3);
  CHECK(family.series[1].labels == "");
  CHECK(built.families[1].type == MetricType::unknown);
  CHECK(built.bad_lines == 0);
}

TEST_CASE("samples of histograms and summaries are of their family") {
  const Built built = build(
      "# TYPE h histogram\nh_bucket{le=\"1\"} 1\nh_bucket{le=\"+Inf\"} 2\nh_sum 3\nh_count 2\n"
      "# TYPE s summary\ns{quantile=\"0.5\"} 1\ns_sum 1\ns_count 1\nh_total 1\n");
  REQUIRE(built.families.size() == 3);
  CHECK(built.families[0].series.size() == 4);
  CHECK(built.families[1].series.size() == 3);
  CHECK(built.families[2].name == "h_total");
  CHECK(built.bad_lines == 0);

  const Built open =
      build("# TYPE c counter\nc_total 1\nc_created 2\n# TYPE i info\ni_info 1\n# EOF\n",
            Dialect::openmetrics);
  REQUIRE(open.families.size() == 2);
  CHECK(open.families[0].series.size() == 2);
}

TEST_CASE("of what contradicts itself the first stands, and the rest is counted") {
  const Built built = build(
      "# TYPE a gauge\n# TYPE a gauge\n# TYPE a counter\n"
      "# HELP a One.\n# HELP a One.\n# HELP a Other.\n"
      "a 1\na 2\na{x=\"1\",y=\"2\"} 3\na{y=\"2\",x=\"1\"} 4\nb 1\n# TYPE b gauge\n");
  CHECK(built.complaints == std::vector<std::string>{"3 another TYPE was there before",
                                                     "6 another HELP was there before",
                                                     "8 the series was there before",
                                                     "10 the series was there before",
                                                     "12 TYPE has to come before the samples"});
  CHECK(built.duplicates == 2);
  CHECK(built.clashes == 3);
  CHECK(built.bad_lines == 5);
  CHECK(built.families[0].type == MetricType::gauge);
  CHECK(built.families[0].help == "One.");
  CHECK(built.families[0].series[0].value == 1);
}

TEST_CASE("a sample that its family cannot have is refused") {
  const Built built = build(
      "# TYPE h histogram\nh 1\nh_bucket 2\nh_bucket{le=\"1\"} 2\n"
      "# TYPE s summary\ns 1\n");
  CHECK(built.complaints ==
        std::vector<std::string>{"2 the family of that name is of a type without such samples",
                                 "3 a bucket of a histogram has no label le",
                                 "6 a value of a summary has no label quantile"});
  REQUIRE(built.families.size() == 1);
  CHECK(built.families[0].series.size() == 1);
}

TEST_CASE("there are no more series than may be, and their number is said once") {
  std::string text;
  for (int i = 0; i < 10; ++i) text += "a{i=\"" + std::to_string(i) + "\"} 1\n";
  const Built built = build(text, Dialect::prometheus, 3);
  CHECK(built.families[0].series.size() == 3);
  CHECK(built.beyond_limit == 7);
  CHECK(built.complaints ==
        std::vector<std::string>{"4 too many series: this one and all that follow"});
}

TEST_CASE("complaints are bounded, their number is not") {
  std::string text;
  for (int i = 0; i < 50; ++i) text += "?\n";
  const Built built = build(text);
  CHECK(built.bad_lines == 50);
  CHECK(built.complaints.size() == FamilyBuilder::kMostComplaints);
}

TEST_CASE("OpenMetrics is put as the older text format can say it") {
  const Built built = build(
      "# TYPE c counter\nc_total 1\nc_created 2\n# TYPE i info\ni_info{v=\"1\"} 1\n"
      "# TYPE s stateset\ns{s=\"on\"} 1\n# TYPE g gaugehistogram\n# HELP g H.\ng_bucket{le=\"1\"} "
      "1\ng_bucket{le=\"2\"} 1\ng_gsum 2\n# TYPE h histogram\nh_created 1\n# EOF\n",
      Dialect::openmetrics);
  CHECK(built.bad_lines == 0);
  const std::vector<MetricFamily> families = in_text_format(built.families);
  REQUIRE(families.size() == 5);
  CHECK(families[0].name == "c_total");
  CHECK(families[0].type == MetricType::counter);
  CHECK(families[0].series.size() == 1);
  CHECK(families[1].name == "i_info");
  CHECK(families[1].type == MetricType::gauge);
  CHECK(families[2].name == "s");
  CHECK(families[2].type == MetricType::gauge);
  CHECK(families[3].name == "g_bucket");
  CHECK(families[3].type == MetricType::unknown);
  CHECK(families[3].series.size() == 2);
  CHECK(families[3].help == "H.");
  CHECK(families[4].name == "g_gsum");
}
