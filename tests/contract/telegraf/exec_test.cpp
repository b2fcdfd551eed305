#include <doctest/doctest.h>

#include "made_up_host.hpp"

using namespace hostmeter;
using namespace hostmeter::contract::telegraf;

namespace {

MetricFamily gauge(std::string name, std::string labels, double value) {
  return {.name = name,
          .type = MetricType::gauge,
          .help = "Of a script.",
          .series = {{name, std::move(labels), value}}};
}

Options exec(unsigned version, Input input = {.plugin = Exec{.printers = {"check"}}}) {
  Options options{.metric_version = version, .global_tags = {{"host", "web1"}}};
  options.inputs.push_back(std::move(input));
  return options;
}

}  // namespace

TEST_CASE("version 1 puts prometheus_ before a script's metrics, version 2 does not") {
  for (const unsigned version : {1U, 2U}) {
    MadeUpHost host(exec(version));
    host.print("check", {gauge("cert_days", R"(domain="a",empty="")", 12.5)});
    host.print("other", {gauge("not_its", "", 1)});
    host.tick(0);
    const std::string name = version == 1 ? "prometheus_cert_days" : "cert_days";
    CHECK(host.text() == "# HELP " + name + " Of a script.\n# TYPE " + name + " gauge\n" + name +
                             R"({domain="a",host="web1"} 12.5)" + "\n");
  }
}

TEST_CASE("a histogram keeps its samples' names and their order") {
  MadeUpHost host(exec(1));
  host.print("check", {{.name = "t",
                        .type = MetricType::histogram,
                        .series = {{"t_bucket", R"(le="2")", 1},
                                   {"t_bucket", R"(le="10")", 2},
                                   {"t_bucket", R"(le="+Inf")", 3},
                                   {"t_sum", "", 20},
                                   {"t_count", "", 3}}}});
  host.tick(0);
  CHECK(host.text() ==
        "# HELP prometheus_t Telegraf collected metric\n# TYPE prometheus_t histogram\n"
        "prometheus_t_bucket{host=\"web1\",le=\"2\"} 1\n"
        "prometheus_t_bucket{host=\"web1\",le=\"10\"} 2\n"
        "prometheus_t_bucket{host=\"web1\",le=\"+Inf\"} 3\n"
        "prometheus_t_sum{host=\"web1\"} 20\n"
        "prometheus_t_count{host=\"web1\"} 3\n");
}

TEST_CASE("names, tags and filters of the input") {
  Input input{
      .plugin = Exec{.printers = {"check"}}, .name_override = "job", .tags = {{"team", "a"}}};
  input.rules.fieldexclude = {"b*"};
  input.rules.tagexclude = {"host"};
  for (const unsigned version : {1U, 2U}) {
    MadeUpHost host(exec(version, input));
    host.print("check", {gauge("up", "", 1), gauge("bad", "", 2)});
    host.tick(0);
    CHECK(host.lines() == Lines{R"(job_up{team="a"} 1)"});
  }
}

TEST_CASE("names that are whole stay as they are") {
  MadeUpHost host(exec(1, {.plugin = Exec{.printers = {"check"}, .measurement = ""}}));
  host.print("check", {gauge("disk_free", "", 1)});
  host.tick(0);
  CHECK(host.lines() == Lines{R"(disk_free{host="web1"} 1)"});
}

TEST_CASE("a script's values are new as soon as it printed, and go when it prints no more") {
  MadeUpHost host(exec(2));
  host.print("check", {gauge("up", "", 1)});
  host.tick(0);
  const auto layout = host.view().layout;
  host.print("check", {gauge("up", "", 2)});
  host.tick(3);
  CHECK(host.lines() == Lines{R"(up{host="web1"} 2)"});
  CHECK(host.view().layout == layout);  // only a value changed
  host.tick(63);
  CHECK_FALSE(host.lines().empty());
  host.tick(64);
  CHECK(host.lines().empty());
  host.print("check", {gauge("up", "", 3)});
  host.tick(65);
  CHECK(host.lines() == Lines{R"(up{host="web1"} 3)"});
  host.print("check", {});
  host.tick(66);
  CHECK(host.lines() == Lines{R"(up{host="web1"} 3)"});
  host.tick(126);
  CHECK(host.lines().empty());
}

TEST_CASE("of two scripts that print the same line the first stands") {
  MadeUpHost host(exec(2, {.plugin = Exec{.printers = {"a", "b"}}}));
  host.print("a", {gauge("up", "", 1)});
  host.print("b", {gauge("up", "", 2)});
  host.tick(0);
  CHECK(host.lines() == Lines{R"(up{host="web1"} 1)"});
}
