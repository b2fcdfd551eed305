#include <doctest/doctest.h>

#include "hostmeter/flow/facts/meminfo.hpp"
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
  Input input{.plugin = Exec{.printers = {"check"}},
              .renaming = {.name_override = "job"},
              .tags = {{"team", "a"}}};
  input.rules.fieldexclude = {"b*"};
  input.rules.tagexclude = {"host"};
  for (const unsigned version : {1U, 2U}) {
    MadeUpHost host(exec(version, input));
    host.print("check", {gauge("up", "", 1), gauge("bad", "", 2)});
    host.tick(0);
    CHECK(host.lines() == Lines{R"(job_up{team="a"} 1)"});
  }
}

TEST_CASE("to the first parser of Prometheus's text a metric is a measurement") {
  const auto lines = [](unsigned version, const std::string& override_name) {
    MadeUpHost host(
        exec(version, {.plugin = Exec{.printers = {"check"}, .metrics_are_measurements = true},
                       .renaming = {.name_override = override_name, .name_prefix = "p_"}}));
    host.print(
        "check",
        {gauge("free", "", 1),
         {.name = "runs_total", .type = MetricType::counter, .series = {{"runs_total", "", 2}}},
         {.name = "old", .series = {{"old", "", 3}}},
         {.name = "t",
          .type = MetricType::summary,
          .series = {{"t", R"(quantile="0.5")", 4}, {"t_sum", "", 5}, {"t_count", "", 6}}}});
    host.tick(0);
    return host.lines();
  };
  CHECK(lines(1, "") == Lines{R"(p_free{host="web1"} 1)", R"(p_old{host="web1"} 3)",
                              R"(p_runs_total{host="web1"} 2)",
                              R"(p_t{host="web1",quantile="0.5"} 4)", R"(p_t_count{host="web1"} 6)",
                              R"(p_t_sum{host="web1"} 5)"});
  CHECK(lines(2, "") == Lines{R"(p_free_gauge{host="web1"} 1)", R"(p_old_value{host="web1"} 3)",
                              R"(p_runs_total_counter{host="web1"} 2)",
                              R"(p_t{host="web1",quantile="0.5"} 4)", R"(p_t_count{host="web1"} 6)",
                              R"(p_t_sum{host="web1"} 5)"});
  CHECK(lines(2, "job").contains(R"(p_job_gauge{host="web1"} 1)"));
}

TEST_CASE("a metric that is called after its kind has no name in version 1") {
  MadeUpHost host(exec(1));
  host.print("check", {gauge("gauge", "", 1)});
  host.tick(0);
  CHECK(host.lines() == Lines{R"(prometheus{host="web1"} 1)"});
}

TEST_CASE("a measurement is named by each output in its own way") {
  const auto lines = [](unsigned version, bool string_as_label, Input input) {
    Options options = exec(version, std::move(input));
    options.string_as_label = string_as_label;
    MadeUpHost host(std::move(options));
    host.print("check", {{.name = "exec_value",
                          .series = {{"exec_value", R"(t="tag")", 5, R"(s="text",t="text")"}},
                          .measurement = "exec",
                          .field = "value"},
                         {.name = "exec_is_ok",
                          .series = {{"exec_is_ok", "", 1}},
                          .measurement = "exec",
                          .field = "is ok",
                          .is_boolean = true},
                         {.name = "exec_is_ok",
                          .series = {{"exec_is_ok", R"(t="2")", 7}},
                          .measurement = "exec",
                          .field = "is ok"}});
    host.tick(0);
    return host.lines();
  };
  const Input plain{.plugin = Exec{.printers = {"check"}}};
  CHECK(lines(1, true, plain) ==
        Lines{R"(exec{host="web1",s="text",t="text"} 5)", R"(exec_is_ok{host="web1",t="2"} 7)"});
  CHECK(lines(2, true, plain) == Lines{R"(exec_value{host="web1",s="text",t="tag"} 5)",
                                       R"(exec_is_ok{host="web1"} 1)",
                                       R"(exec_is_ok{host="web1",t="2"} 7)"});
  CHECK(lines(2, false, plain).contains(R"(exec_value{host="web1",t="tag"} 5)"));
  Input named = plain;
  named.renaming = {.name_override = "job"};
  named.rules.namepass = {"exec"};
  named.rules.fieldinclude = {"value"};
  CHECK(lines(1, true, named) == Lines{R"(job{host="web1",t="tag"} 5)"});
}

TEST_CASE("what is dropped costs what is kept nothing, whichever of it a script prints") {
  Input input{.plugin = Exec{.printers = {"check"}}};
  input.rules.tagdrop = {{"site", {"x"}}};
  MadeUpHost host(exec(2, input));
  host.print("check", {gauge("a", R"(site="x")", 1), gauge("b", "", 2)});
  host.tick(0);
  CHECK(host.lines() == Lines{R"(b{host="web1"} 2)"});
  host.print("check", {gauge("b", "", 3)});
  host.tick(1);
  CHECK(host.lines() == Lines{R"(b{host="web1"} 3)"});
  host.print("check", {gauge("a", R"(site="x")", 1), gauge("b", "", 4)});
  host.tick(2);
  CHECK(host.lines() == Lines{R"(b{host="web1"} 4)"});
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

TEST_CASE("a metric is of the type and has the help that its script says now") {
  for (const unsigned version : {1U, 2U}) {
    MadeUpHost host(exec(version));
    MetricFamily family = gauge("done", "", 1);
    host.print("check", {family});
    host.tick(0);
    family.type = MetricType::counter;
    family.help = "Jobs done.";
    host.print("check", {family});
    host.tick(1);
    const std::string name = version == 1 ? "prometheus_done" : "done";
    CHECK(host.text() == "# HELP " + name + " Jobs done.\n# TYPE " + name + " counter\n" + name +
                             "{host=\"web1\"} 1\n");
  }
}

TEST_CASE("no line is there twice when a script prints what another input has") {
  Options options = exec(2);
  options.global_tags = {};
  options.inputs.push_back({.plugin = Mem{}});
  MadeUpHost host(options);
  host.say<Meminfo>({{Meminfo::mem_total, 8000}});
  host.print("check", {gauge("mem_total", "", 5), gauge("mem_total_of_it", "", 6)});
  host.tick(0);
  CHECK(host.lines("mem_total") == Lines{"mem_total 8000", "mem_total_of_it 6"});
}

TEST_CASE("a metric that is called as one of the agent's own is left out, and that is said") {
  MadeUpHost host(exec(2));
  host.print("check", {gauge("process_open_fds", "", 5), gauge("cert_days", "", 6)});
  host.tick(0);
  CHECK(host.lines() == Lines{"cert_days{host=\"web1\"} 6"});
  CHECK(host.contract().left_out() == 1);
  const auto remarks = host.contract().take_remarks();
  REQUIRE(remarks.size() == 1);
  CHECK(remarks[0] ==
        "1 series that inputs.exec printed are left out: process_open_fds is a metric of the "
        "agent's own");
  host.print("check", {gauge("process_open_fds", "a=\"1\"", 5), gauge("cert_days", "", 6)});
  host.tick(1);
  CHECK(host.contract().take_remarks().empty());  // once

  Options options = exec(2);
  options.process_collector = false;
  MadeUpHost free(options);
  free.print("check", {gauge("process_open_fds", "", 5)});
  free.tick(0);
  CHECK(free.lines() == Lines{"process_open_fds{host=\"web1\"} 5"});
  CHECK(free.contract().left_out() == 0);
}

TEST_CASE("what a script no longer prints stays until it expires") {
  for (const std::uint64_t expiration_s : {60U, 0U}) {
    Options options = exec(2);
    options.global_tags = {};
    options.expiration_ns = expiration_s * kSecond;
    MadeUpHost host(options);
    const auto print = [&](std::uint64_t second, std::vector<MetricFamily> families) {
      host.print("check", std::move(families));
      host.tick(second);
    };
    print(0, {gauge("a", "", 1), gauge("b", "", 2), gauge("c", "", 3)});
    print(10, {gauge("a", "", 4), gauge("c", "", 5)});
    CHECK(host.lines() == Lines{"a 4", "b 2", "c 5"});
    print(20, {gauge("a", "", 6)});
    CHECK(host.lines() == Lines{"a 6", "b 2", "c 5"});
    print(61, {gauge("a", "", 7)});
    if (expiration_s == 0)
      CHECK(host.lines() == Lines{"a 7", "b 2", "c 5"});
    else
      CHECK(host.lines() == Lines{"a 7", "c 5"});
    print(65, {gauge("c", "", 8)});
    CHECK(host.lines("c") == Lines{"c 8"});
    CHECK(host.lines("a") == Lines{"a 7"});
    print(140, {gauge("c", "", 9)});
    CHECK(host.lines().size() == (expiration_s == 0 ? 3 : 1));
  }
}

TEST_CASE("a script that prints other series each time has no more than a few of old ones") {
  Options options = exec(2);
  options.expiration_ns = 0;
  MadeUpHost host(options);
  for (std::uint64_t second = 0; second < 30; ++second) {
    MetricFamily family = gauge("m", "", 0);
    family.series.clear();
    for (int i = 0; i < 500; ++i)
      family.series.push_back(
          {"m", "id=\"" + std::to_string(second) + '-' + std::to_string(i) + '"', 1});
    host.print("check", {family});
    host.tick(second);
  }
  const std::size_t lines = host.view().layout->families.at(0).lines.size();
  CHECK(lines <= 10'500);
  CHECK(lines >= 10'000);
}
