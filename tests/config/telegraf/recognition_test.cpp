#include "config/telegraf/recognition.hpp"

#include <doctest/doctest.h>

#include "config/load.hpp"
#include "support/tree.hpp"

using namespace hostmeter::config;

TEST_CASE("a telegraf.conf is recognised, also where it is no TOML") {
  for (const char* text :
       {"[agent]\ninterval = \"10s\"\n", "[[inputs.cpu]]\npercpu = true\n", "[global_tags]\n",
        "[[outputs.influxdb]]\n  port = ${PORT}\n", "# x\n [ agent ]\n a = $A\n"}) {
    CAPTURE(text);
    const auto loaded = load_text(text, "t.conf");
    REQUIRE(loaded.problems.size() == 1);
    CHECK(loaded.problems[0] == std::string("t.conf: ") + kIsTelegraf);
  }
}

TEST_CASE("two kinds in one file are one problem") {
  const auto loaded = load_text("[collect]\ninterval = \"1s\"\n[agent]\nx = 1\n", "t");
  REQUIRE(loaded.problems.size() == 1);
  CHECK(loaded.problems[0] ==
        "t:3:2: agent: is a table of a telegraf.conf in a file with Hostmeter's own [collect]; "
        "keep them in two files");
  CHECK_FALSE(looks_like_telegraf("[agent]\n[bpf]\n"));
  CHECK_FALSE(looks_like_telegraf("agent = 1\n[agents]\n"));
}

TEST_CASE("a file is known by its headers, also behind a byte order mark") {
  const hostmeter::test::Tree tree(
      "-- theirs --\n[[inputs.cpu]]\n-- ours --\n[collect]\n-- marked --\n\xEF\xBB\xBF[agent]\n");
  const std::string root = tree.root();
  CHECK(is_telegraf_file(root + "/theirs"));
  CHECK(is_telegraf_file(root + "/marked"));
  CHECK_FALSE(is_telegraf_file(root + "/ours"));
  CHECK_FALSE(is_telegraf_file(root + "/none"));
  CHECK_FALSE(is_telegraf_file(root));
}
