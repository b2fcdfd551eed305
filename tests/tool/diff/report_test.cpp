#include "tool/diff/report.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

using namespace hostmeter::tool;

namespace {

using Kind = Difference::Kind;

DiffReport made() {
  return {.a = {"http://a/metrics", 9, 4, {"1 bad line"}},
          .b = {"http://b/metrics", 8, 3, {}},
          .scrapes = 2,
          .comparison = {{{Kind::missing, "x", 2},
                          {Kind::missing, "y", 1},
                          {Kind::extra, "z{a=\"\xFF\"}", 1},
                          {Kind::rate, "c{}", 1, "10/s", "5/s"}},
                         6,
                         1}};
}

}  // namespace

TEST_CASE("the table tells of both sides, of each difference, and sums up") {
  CHECK(diff_table(made(), 20) ==
        "A http://a/metrics: 9 series of 4 metrics\n"
        "  1 bad line\n"
        "B http://b/metrics: 8 series of 3 metrics\n"
        "\n"
        "missing  x         2 series  -\n"
        "missing  y         1 series  -\n"
        "\n"
        "extra    z{a=\"\xFF\"}  -         1 series\n"
        "\n"
        "rate     c{}       10/s      5/s\n"
        "\n"
        "6 series are the same, 1 have no rate to compare, missing: 2, extra: 1, rate: 1\n");
}

TEST_CASE("rows of a kind are bounded, and the rest is told") {
  const std::string table = diff_table(made(), 1);
  CHECK(table.find("missing  y") == std::string::npos);
  CHECK(table.find("missing  and 1 more (--rows, --json)\n") != std::string::npos);
}

TEST_CASE("the JSON has all of it, whatever is in labels") {
  const auto json = nlohmann::json::parse(diff_json(made()));
  CHECK(json["a"]["series"] == 9);
  CHECK(json["a"]["notes"][0] == "1 bad line");
  CHECK(json["differences"].size() == 4);
  CHECK(json["differences"][3] ==
        nlohmann::json{
            {"kind", "rate"}, {"what", "c{}"}, {"series", 1}, {"a", "10/s"}, {"b", "5/s"}});
  CHECK(json["same"] == 6);
}
