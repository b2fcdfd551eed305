#include "parse/telegraf_names.hpp"

#include <doctest/doctest.h>

using namespace hostmeter::parse;

namespace {

std::string metric(MetricVersion version, std::string_view measurement, std::string_view field) {
  std::string name = "x ";
  const bool made = append_metric_name(version, measurement, field, name);
  REQUIRE(made == (name.size() > 2));
  return name.substr(2);
}

std::string label(std::string_view tag) {
  std::string name;
  return append_label_name(tag, name) ? name : "none";
}

}  // namespace

TEST_CASE("a metric is called by its measurement and its field") {
  constexpr auto kOld = MetricVersion::v1, kNew = MetricVersion::v2;
  CHECK(metric(kOld, "disk", "used_percent") == "disk_used_percent");
  CHECK(metric(kNew, "disk", "used_percent") == "disk_used_percent");
  CHECK(metric(kOld, "exec", "value") == "exec");
  CHECK(metric(kNew, "exec", "value") == "exec_value");
  CHECK(metric(kOld, "prometheus", "up") == "prometheus_up");
  CHECK(metric(kNew, "prometheus", "up") == "up");

  CHECK(metric(kOld, "a-b.c", "d e") == "a_b_c_d_e");
  CHECK(metric(kNew, "a-b.c", "d e") == "a_b_c_d_e");
  CHECK(metric(kOld, "größe", "ü") == "gr__e__");
  CHECK(metric(kNew, "größe", "ü") == "gr__e");
  CHECK(metric(kOld, "9a", "b") == "");
  CHECK(metric(kNew, "9a", "b") == "a_b");
  CHECK(metric(kNew, "prometheus", "-_9") == "");
  CHECK(metric(kNew, "prometheus", "%") == "");
  CHECK(metric(kOld, "a", "") == "");
  CHECK(metric(kNew, "a", "") == "");
}

TEST_CASE("a label is called by its tag") {
  CHECK(label("host") == "host");
  CHECK(label("_x") == "_x");
  CHECK(label("a.b:c") == "a_b_c");
  CHECK(label("1st") == "st");
  CHECK(label("-a-") == "a");
  CHECK(label("") == "none");
  CHECK(label("ü") == "none");
  CHECK(label("__name__") == "none");
}

TEST_CASE("numbers are samples, booleans in version 2") {
  CHECK(sample_value(MetricVersion::v1, std::int64_t{-3}) == -3.0);
  CHECK(sample_value(MetricVersion::v1, std::uint64_t{3}) == 3.0);
  CHECK(sample_value(MetricVersion::v1, 2.5) == 2.5);
  CHECK_FALSE(sample_value(MetricVersion::v1, true));
  CHECK(sample_value(MetricVersion::v2, true) == 1.0);
  CHECK(sample_value(MetricVersion::v2, false) == 0.0);
  CHECK_FALSE(sample_value(MetricVersion::v2, std::string_view("1")));
}
