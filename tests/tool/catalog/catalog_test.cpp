#include "tool/catalog/catalog.hpp"

#include <doctest/doctest.h>

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
  CHECK(tool::json(kAll) ==
        "[\n {\"name\": \"container_c_bytes\", \"type\": \"gauge\", \"unit\": \"bytes\", "
        "\"labels\": [\"device\"], "
        "\"collector\": \"two\", \"scope\": \"container\", \"origin\": \"hostmeter\", \"help\": "
        "\"Says c.\"},\n"
        " {\"name\": \"node_A_x\", \"type\": \"gauge\", \"unit\": \"\", \"labels\": [], "
        "\"collector\": \"one\", \"scope\": \"host\", \"origin\": \"node_exporter\", \"help\": "
        "\"Says A.\"},\n"
        " {\"name\": \"node_b_seconds_total\", \"type\": \"counter\", \"unit\": \"seconds\", "
        "\"labels\": [\"cpu\", \"mode\"], "
        "\"collector\": \"one\", \"scope\": \"host\", \"origin\": \"hostmeter\", \"help\": \"Says "
        "\\\"b\\\\\\\" | more.\"}\n]\n");
  CHECK(tool::json({}) == "[\n]\n");
}

TEST_CASE("every metric of this build is in it") {
  const std::string text = tool::markdown(collect::all());
  for (const CollectorSpec* collector : collect::all())
    for (const MetricDesc& metric : collector->metrics)
      CHECK(text.find("`" + std::string(metric.name) + "`") != std::string::npos);
}
