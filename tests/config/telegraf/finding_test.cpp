#include "config/telegraf/finding.hpp"

#include <doctest/doctest.h>

using namespace hostmeter::config::telegraf;

TEST_CASE("findings are a table with the place, what it is, what it costs and what happens") {
  const std::vector<std::string> files{"a.conf", "long/name.conf"};
  const std::vector<Finding> findings{{Effect::none, {0, 7}, "agent.flush_jitter", "is nothing"},
                                      {Effect::lost, {1, 12}, "inputs.x", "is not here"},
                                      {Effect::differs, {0, 0}, "inputs", "are none"}};
  CHECK(write_table(findings, files) ==
        std::vector<std::string>{"a.conf:7           agent.flush_jitter  -        is nothing",
                                 "long/name.conf:12  inputs.x            LOST     is not here",
                                 "a.conf             inputs              differs  are none"});
  CHECK(write_table({}, files).empty());
}

TEST_CASE("only what is lost is a loss") {
  std::vector<Finding> findings{{Effect::none, {}, "a", "b"}, {Effect::differs, {}, "a", "b"}};
  CHECK_FALSE(loses_something(findings));
  findings.push_back({Effect::lost, {}, "a", "b"});
  CHECK(loses_something(findings));
}

TEST_CASE("a place of no file, and a name that would move a cursor") {
  CHECK(to_string(Place{3, 4}, {}) == ":4");
  CHECK(to_string(Place{0, 4}, {"a\x1B[2J"}) == "a\\x1B[2J:4");
}
