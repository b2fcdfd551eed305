#include "contract/telegraf/tags.hpp"

#include <doctest/doctest.h>

using namespace hostmeter::contract::telegraf;

TEST_CASE("tags are sorted, and each name is there once") {
  Tags tags;
  set(tags, "host", "a");
  set(tags, "cpu", "cpu0");
  set(tags, "host", "b");
  add(tags, "host", "c");
  add(tags, "dc", "eu");
  CHECK(tags == Tags{{"cpu", "cpu0"}, {"dc", "eu"}, {"host", "b"}});
  CHECK(*find(tags, "dc") == "eu");
  CHECK_FALSE(find(tags, "d"));
}

TEST_CASE("tags become labels that Prometheus allows") {
  CHECK(as_labels({}) == " ");
  CHECK(as_labels({{"com.docker.compose.project", "shop"}, {"host", "a\"b"}}) ==
        R"({com_docker_compose_project="shop",host="a\"b"} )");
  CHECK(as_labels({{"1st", "x"}, {"_of.", "y"}, {"ünï", "z"}}) ==
        R"({n="z",of="y",st="x"} )");  // what comes first and may not is left out
  CHECK(as_labels({{"empty", ""}, {"…", "x"}}) == " ");
  CHECK(as_labels({{"a.b", "first"}, {"a_b", "second"}}) == R"({a_b="first"} )");
  CHECK(as_labels({{"a:b", "x"}}) == R"({a_b="x"} )");
}

TEST_CASE("no tag becomes a label of Prometheus's own, whoever chose its name") {
  CHECK(as_labels({{"__name__", "up"}, {"host", "a"}}) == R"({host="a"} )");
  CHECK(as_labels({{"__a", "x"}, {"__", "y"}, {"_a", "z"}}) == R"({_a="z"} )");
  CHECK(as_labels({{".__a", "x"}}) == R"({a="x"} )");
}

TEST_CASE("what is left of a name does not begin with a digit") {
  CHECK(as_labels({{"-9n", "x"}, {"_.9", "y"}, {"host", "a"}}) == R"({host="a"} )");
  CHECK(as_metric_name("-9n", 2).empty());
  CHECK(as_metric_name("_.9", 2).empty());
}

TEST_CASE("names of metrics may have colons") {
  for (const unsigned version : {1U, 2U}) {
    CHECK(as_metric_name("job:up", version) == "job:up");
    CHECK(as_metric_name("linux_sysctl_fs_aio-nr", version) == "linux_sysctl_fs_aio_nr");
    CHECK(as_metric_name("_kept", version) == "_kept");
  }
  CHECK(as_metric_name("é", 2).empty());
}

TEST_CASE("version 1 leaves nothing out of a name, and has none that begins with a digit") {
  CHECK(as_metric_name("disk_used %", 1) == "disk_used__");
  CHECK(as_metric_name("disk_used %", 2) == "disk_used");
  CHECK(as_metric_name("-é", 1) == "__");
  CHECK(as_metric_name("5min", 1).empty());
  CHECK(as_metric_name("5min", 2) == "min");
  CHECK(as_metric_name(":x", 1).empty());
  CHECK(as_metric_name("", 1).empty());
}
