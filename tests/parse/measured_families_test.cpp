#include "parse/measured_families.hpp"

#include <doctest/doctest.h>

#include "parse/influx.hpp"

using namespace hostmeter;
using namespace hostmeter::parse;

namespace {

struct Built {
  std::vector<std::string> lines, complaints;
  std::size_t bad_lines, duplicates, beyond_limit, without_series;
};

Built build(std::string_view influx, const Naming& naming = {},
            MeasuredFamilies::Limits limits = {}) {
  MeasuredFamilies families(naming, limits);
  InfluxParser().parse(influx, families);
  Built built{{},
              {},
              families.bad_lines(),
              families.duplicates(),
              families.beyond_limit(),
              families.without_series()};
  for (const Complaint& one : families.complaints())
    built.complaints.push_back(std::to_string(one.line) + " " + std::string(one.why));
  for (const MetricFamily& family : families.take())
    for (const MetricFamily::Series& series : family.series) {
      CHECK(series.name == family.name);
      CHECK(family.type == MetricType::unknown);
      char value[32];
      std::snprintf(value, sizeof value, " %g", series.value);
      built.lines.push_back(series.name + "{" + series.labels + "}" + value);
    }
  return built;
}

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("each field is a series, each tag a label") {
  const Built built = build(
      "cpu,host=a\\ \"b\",c.pu=0 idle=1,on=true,s=\"x\",value=5i\ncpu,c.pu=1,host=c idle=2\n");
  CHECK(built.lines == Lines{"cpu_idle{c_pu=\"0\",host=\"a \\\"b\\\"\"} 1",
                             "cpu_idle{c_pu=\"1\",host=\"c\"} 2",
                             "cpu_on{c_pu=\"0\",host=\"a \\\"b\\\"\"} 1",
                             "cpu_value{c_pu=\"0\",host=\"a \\\"b\\\"\"} 5"});
  CHECK(built.bad_lines == 0);
  CHECK(built.without_series == 1);
}

TEST_CASE("version 1 calls a value as its measurement is, and has no booleans") {
  const Built built = build("m value=1,on=true,a=2\n", {.version = MetricVersion::v1});
  CHECK(built.lines == Lines{"m{} 1", "m_a{} 2"});
  CHECK(built.without_series == 1);
}

TEST_CASE("measurements can be called otherwise") {
  CHECK(build("m a=1\n", {.name_override = "n", .name_prefix = "p_", .name_suffix = "_s"}).lines ==
        Lines{"p_n_s_a{} 1"});
}

TEST_CASE("strings are labels where that is asked for") {
  const std::string_view text = "m,t=tag a=1,s=\"x\",t=\"field\"\n";
  CHECK(build(text, {.string_as_label = true}).lines == Lines{"m_a{s=\"x\",t=\"tag\"} 1"});
  CHECK(build(text, {.version = MetricVersion::v1, .string_as_label = true}).lines ==
        Lines{"m_a{s=\"x\",t=\"field\"} 1"});
}

TEST_CASE("who names once more is told what all was made of") {
  MeasuredFamilies families({.keeps_origin = true}, {});
  InfluxParser().parse("m_a,t=1 b=1,s=\"x\"\nm a_b=2\nm a_b=true\nm_a,t=1 b=3,s=\"y\"\nm a_b=4\n",
                       families);
  CHECK(families.duplicates() == 1);
  const std::vector<MetricFamily> all = families.take();
  REQUIRE(all.size() == 3);
  for (const MetricFamily& family : all) CHECK(family.name == "m_a_b");
  CHECK(all[0].measurement == "m_a");
  CHECK(all[0].field == "b");
  CHECK(all[0].series == std::vector<MetricFamily::Series>{{"m_a_b", "t=\"1\"", 1, "s=\"x\""},
                                                           {"m_a_b", "t=\"1\"", 3, "s=\"y\""}});
  CHECK(all[1].measurement == "m");
  CHECK(all[1].field == "a_b");
  CHECK_FALSE(all[1].is_boolean);
  CHECK(all[2].is_boolean);
}

TEST_CASE("of two values of a series the newer stands, else the first") {
  const Built built =
      build("m a=1 10\nm a=2 20\nm a=3 15\nm b=1\nm b=2\nm,x=1,y=2 c=1\nm,y=2,x=1 c=2\n");
  CHECK(built.lines == Lines{"m_a{} 2", "m_b{} 1", "m_c{x=\"1\",y=\"2\"} 1"});
  CHECK(built.duplicates == 4);
  CHECK(built.bad_lines == 4);
  CHECK(built.complaints ==
        Lines{"2 the series was there before, of an older time: this one stands",
              "3 the series was there before", "5 the series was there before",
              "7 the series was there before"});
}

TEST_CASE("what can have no name is said") {
  const Built built =
      build("9 a=1\nm,a-b=1,a.b=2 c=1\nm,%=1 d=1\n", {.version = MetricVersion::v1});
  CHECK(built.complaints == Lines{"1 no name of a metric can be made of this",
                                  "2 two tags are one label of Prometheus's"});
  CHECK(built.lines == Lines{"m_d{} 1"});
}

TEST_CASE("series and their size are bounded") {
  const Built few = build("m a=1,b=2,c=3,a=4\n", {}, {.series = 2});
  CHECK(few.lines == Lines{"m_a{} 1", "m_b{} 2"});
  CHECK(few.beyond_limit == 1);
  CHECK(few.duplicates == 1);
  const Built small = build("m,t=0123456789 a=1,b=2,c=3\n", {}, {.bytes = 40});
  CHECK(small.lines.size() == 2);
  CHECK(small.beyond_limit == 1);
  CHECK(small.complaints == Lines{"1 too many series: this one and all that follow"});
}
