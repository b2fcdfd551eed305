#include <doctest/doctest.h>

#include "config/schema.hpp"

using namespace hostmeter::config;

TEST_CASE("values are written as TOML") {
  const Settings defaults;
  CHECK(write_value(*find_key("collect", "interval"), defaults) == "\"1s\"");
  CHECK(write_value(*find_key("collect", "disable"), defaults) == "[]");
  CHECK(write_value(*find_key("collect.cgroups", "scope"), defaults) == "\"all\"");
  CHECK(write_value(*find_key("collect.cgroups", "nested"), defaults) == "false");
  CHECK(write_value(*find_key("listener", "address"), defaults) == "\":9273\"");
  CHECK(write_value(*find_key("limits", "series"), defaults) == "1000000");
  CHECK(write_value(*find_key("runtime.docker", "endpoint"), defaults) == "\"/run/docker.sock\"");
  Settings odd;
  odd.runtimes.podman.endpoint = "/a \"b\"\\c";
  CHECK(write_value(*find_key("runtime.podman", "endpoint"), odd) == R"("/a \"b\"\\c")");
}

TEST_CASE("what a key takes is said in words") {
  CHECK(describe_values(*find_key("runtime.docker", "df_interval")) == "\"0ms\" to \"24h\"");
  CHECK(describe_values(*find_key("runtime.docker", "endpoint")) == "a path from the root");
  CHECK(describe_values(*find_key("collect.cgroups", "scope")) == "\"all\" or \"containers\"");
}
