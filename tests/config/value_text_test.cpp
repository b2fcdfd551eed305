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
  CHECK(write_value(*find_key("script.limits", "memory"), defaults) == "\"128MiB\"");
  CHECK(write_value(*find_key("script", "interval"), defaults) == "\"1m\"");
  CHECK(write_value(*find_key("scripts", "user"), defaults) == "\"hostmeter-script\"");
  Settings odd;
  odd.runtimes.podman.endpoint = "/a \"b\"\\c";
  CHECK(write_value(*find_key("runtime.podman", "endpoint"), odd) == R"("/a \"b\"\\c")");
}

TEST_CASE("what a key takes is said in words") {
  CHECK(describe_values(*find_key("script.limits", "memory")) == "\"1MiB\" to \"64GiB\"");
  CHECK(describe_values(*find_key("script.allow", "capabilities")) == "a list of capabilities");
  CHECK(describe_values(*find_key("scripts", "directories")) == "a list of directories");
  CHECK(describe_values(*find_key("script", "run")) ==
        "a path or glob or a list of paths or globs");
  CHECK(describe_values(*find_key("script", "name")) == "a name");
  CHECK(describe_values(*find_key("runtime.docker", "df_interval")) == "\"0ms\" to \"24h\"");
  CHECK(describe_values(*find_key("runtime.docker", "endpoint")) == "a path from the root");
  CHECK(describe_values(*find_key("collect.cgroups", "scope")) == "\"all\" or \"containers\"");
}
