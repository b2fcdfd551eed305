#include "tool/catalog/catalog.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "collect/all.hpp"

using namespace hostmeter;

namespace {
constexpr MetricDesc kOfHost[] = {
    {Kind::counter, Unit::seconds, "node_b_seconds_total", "Says \"b\\\" | more.", "cpu,mode"},
    {Origin::node_exporter, Kind::gauge, Unit::none, Encoding::count, "node_A_x", "Says A."}};
constexpr MetricDesc kContainer[] = {
    {Kind::gauge, Unit::bytes, "container_c_bytes", "Says c.", "device"}};
constexpr CollectorSpec kOne{"one", Scope::host, kOfHost, {}};
constexpr CollectorSpec kTwo{"two", Scope::container, kContainer, {}};
constexpr const CollectorSpec* kAll[] = {&kOne, &kTwo};
}  // namespace

TEST_CASE("the catalog is a table of every metric, by name") {
  const std::string text = tool::markdown(kAll);
  const auto table = text.substr(text.find("|---"));
  CHECK(table ==
        "|---|---|---|---|---|---|\n"
        "| `container_c_bytes` | gauge | bytes | container's, `device` | hostmeter | Says c. |\n"
        "| `node_A_x` | gauge |  |  | node_exporter | Says A. |\n"
        "| `node_b_seconds_total` | counter | seconds | `cpu`, `mode` | hostmeter | Says \"b\\\" "
        "\\| more. |\n");
}

TEST_CASE("the catalog as JSON") {
  const auto rows = nlohmann::json::parse(tool::json(kAll));
  REQUIRE(rows.size() == 3);
  CHECK(rows[0] == nlohmann::json({{"name", "container_c_bytes"},
                                   {"type", "gauge"},
                                   {"unit", "bytes"},
                                   {"labels", {"device"}},
                                   {"collector", "two"},
                                   {"scope", "container"},
                                   {"origin", "hostmeter"},
                                   {"help", "Says c."}}));
  CHECK(rows[1]["labels"].empty());
  CHECK(rows[2]["labels"] == nlohmann::json({"cpu", "mode"}));
  CHECK(rows[2]["help"] == "Says \"b\\\" | more.");
  CHECK(nlohmann::json::parse(tool::json({})).empty());
}

TEST_CASE("every metric of this build is in it") {
  const std::string text = tool::markdown(collect::all());
  for (const CollectorSpec* collector : collect::all())
    for (const MetricDesc& metric : collector->metrics)
      CHECK(text.find("`" + std::string(metric.name) + "`") != std::string::npos);
}
