#include "config/telegraf/sections.hpp"

#include "loaded.hpp"

using namespace hostmeter;
using namespace hostmeter::config::telegraf;

TEST_CASE("what has no place here is lost, and each table of it is said") {
  const auto all = test::said(test::load(R"([[processors.rename]]
order = 1
[[processors.rename]]
[[aggregators.minmax]]
[[outputs.influxdb]]
urls = ["http://a"]
[[secretstores.os]]
id = "a"
[[inputs.nosuch]]
)"));
  REQUIRE(all.size() == 6);
  CHECK(all[0].starts_with("1 LOST processors.rename: "));
  CHECK(all[1].starts_with("3 LOST processors.rename: "));
  CHECK(all[2].starts_with("4 LOST aggregators.minmax: "));
  CHECK(all[3].starts_with("5 LOST outputs.influxdb: "));
  CHECK(all[4].starts_with("7 - secretstores.os: "));
  CHECK(all[5].starts_with("9 LOST inputs.nosuch: "));
}

TEST_CASE("values where tables belong") {
  CHECK(test::said_only(test::load("agent = 1\n"), "1 differs agent: is a whole number"));
  CHECK(test::said_only(test::load("outputs = \"a\"\n"), "1 LOST outputs: is a string"));
  CHECK(test::said_only(test::load("[inputs]\ncpu = [1]\n"), "2 LOST inputs.cpu: is a list"));
  CHECK(test::said_only(test::load("[processors]\na = []\n"), "2 LOST processors.a: is a list"));
  CHECK(test::said_only(test::load("interval = \"1s\"\n[agent]\n"),
                        "1 differs interval: stands above all tables"));
}

TEST_CASE("inputs without a section, as in the first versions") {
  const auto loaded = test::load("[cpu]\npercpu = false\n[[swap]]\n[nginx]\n");
  CHECK(test::said_only(loaded, "4 LOST inputs.nginx: "));
  REQUIRE(loaded.settings.inputs.size() == 2);
  CHECK_FALSE(test::plugin<Cpu>(loaded).percpu);
  CHECK(test::load("[plugins.cpu]\n").settings.inputs.size() == 1);
}

TEST_CASE("inputs are in the order they are written, whatever their names") {
  const auto loaded =
      test::load("[[inputs.swap]]\n[[inputs.cpu]]\n[[inputs.swap]]\n[[inputs.mem]]");
  std::string names;
  for (const Input& input : loaded.settings.inputs) names += input.name + ' ';
  CHECK(names == "swap cpu swap mem ");
}

TEST_CASE("a second engine of one runtime is lost, a second input of one engine is not") {
  const auto loaded = test::load(
      "[[inputs.docker]]\nendpoint = \"unix:///run/a.sock\"\n"
      "[[inputs.docker]]\nendpoint = \"unix:///var/run/a.sock\"\ntimeout = \"9s\"\n"
      "[[inputs.docker]]\nendpoint = \"unix:///run/b.sock\"\n"
      "[[inputs.docker]]\nendpoint = \"unix:///run/podman/podman.sock\"\n");
  const auto said = test::said(loaded);
  REQUIRE(said.size() == 2);
  CHECK(said[0].starts_with("3 differs inputs.docker.timeout: is not that of another input"));
  CHECK(said[1].starts_with(
      "6 LOST inputs.docker: is of a second engine, \"/run/b.sock\" beside \"/run/a.sock\""));
  REQUIRE(loaded.settings.inputs.size() == 3);
  CHECK(test::plugin<Docker>(loaded, 2).endpoint == "/run/podman/podman.sock");
}

TEST_CASE("two outputs cannot have one address") {
  const auto loaded = test::load(
      "[[outputs.prometheus_client]]\n[[outputs.prometheus_client]]\nlisten = \"127.0.0.1:9273\"\n"
      "[[outputs.prometheus_client]]\nlisten = \":9274\"\n");
  CHECK(test::said_only(loaded, "2 LOST outputs.prometheus_client: \"127.0.0.1:9273\" is already"));
  CHECK(loaded.settings.outputs.size() == 2);
}

TEST_CASE("which tables make a file a telegraf.conf") {
  for (const char* name :
       {"agent", "inputs", "outputs", "global_tags", "processors", "aggregators"})
    CHECK(is_section(name));
  CHECK_FALSE(is_section("collect"));
}
