#include "hostmeter/flow/facts/engine.hpp"

#include <doctest/doctest.h>

#include "collect/all.hpp"
#include "support/find_collector.hpp"

using namespace hostmeter;

TEST_CASE("an engine's containers are counted by state, its disk usage by kind") {
  const CollectorSpec& spec = test::collector("engine");
  const auto of = [&](EngineField field) {
    return test::metric_of(spec, Group::engine, unsigned(field));
  };
  CHECK(of(EngineField::created) == "hostmeter_engine_containers{created}");
  CHECK(of(EngineField::dead) == "hostmeter_engine_containers{dead}");
  CHECK(of(EngineField::open_files) == "hostmeter_engine_open_files");
  CHECK(of(EngineField::images) == "hostmeter_engine_images");
  CHECK(of(EngineField::disk_build_cache) == "hostmeter_engine_disk_usage_bytes{build_cache}");
  CHECK(test::metric_of(spec, Group::engine_info, 0) == "hostmeter_engine_info");
  CHECK(test::metric_of(spec, Group::image_disk, 1) == "hostmeter_engine_image_shared_bytes");
  CHECK(test::metric_of(spec, Group::volume_disk, 0) == "hostmeter_engine_volume_bytes");
}

TEST_CASE("how we do with it: questions, and those that were of no use by reason") {
  const CollectorSpec& spec = test::collector("engine");
  const auto of = [&](RuntimeClient field) {
    return test::metric_of(spec, Group::runtime_client, unsigned(field));
  };
  CHECK(of(RuntimeClient::requests) == "hostmeter_runtime_requests_total");
  CHECK(of(RuntimeClient::timeouts) == "hostmeter_runtime_failures_total{timeout}");
  CHECK(of(RuntimeClient::malformed) == "hostmeter_runtime_failures_total{malformed}");
}
