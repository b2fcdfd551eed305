#include "config/telegraf/inputs.hpp"

#include "loaded.hpp"

using namespace hostmeter;

TEST_CASE("inputs that are not here say what to do about it") {
  const auto mend = [](const char* name) {
    const auto all = test::said(test::load("\n[[inputs." + std::string(name) + "]]\nx = 1\n"));
    REQUIRE(all.size() == 1);
    CHECK(all[0].starts_with("2 LOST inputs." + std::string(name) +
                             ": is not supported: none of its metrics is served; "));
    return all[0].substr(all[0].find("; ") + 2);
  };
  CHECK(mend("dokcer") == "did you mean inputs.docker?");
  CHECK(mend("linux_sysctl_fss") == "did you mean inputs.linux_sysctl_fs?");
  CHECK(mend("prometheus") == "let Prometheus itself fetch from there");
  CHECK(mend("snmp") == "leave Telegraf to it, or write a script for inputs.exec");
  CHECK(mend("redis") == "leave Telegraf to it, or write a script for inputs.exec");
}

TEST_CASE("names of inputs, old ones too") {
  using config::telegraf::is_input;
  CHECK(is_input("cpu"));
  CHECK(is_input("exec"));
  CHECK(is_input("io"));
  CHECK_FALSE(is_input("nginx"));
  CHECK(test::load("[[inputs.io]]\n").settings.inputs.at(0).name == "diskio");
}
