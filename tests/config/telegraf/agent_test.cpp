#include "config/telegraf/agent.hpp"

#include "loaded.hpp"

using namespace hostmeter;
using namespace hostmeter::config::telegraf;

TEST_CASE("everything of [agent] that has a meaning here") {
  const auto loaded = test::load(R"([agent]
interval = "15s"
round_interval = false
collection_jitter = "1s"
collection_offset = "2s"
debug = true
quiet = true
hostname = "h"
omit_hostname = true
always_include_local_tags = true
always_include_global_tags = true
)");
  CHECK(test::said(loaded).empty());
  const Agent& agent = loaded.settings.agent;
  CHECK(agent.interval_ns == 15'000'000'000);
  CHECK_FALSE(agent.round_interval);
  CHECK(agent.collection_jitter_ns == 1'000'000'000);
  CHECK(agent.collection_offset_ns == 2'000'000'000);
  CHECK(agent.debug);
  CHECK(agent.quiet);
  CHECK(agent.hostname == "h");
  CHECK(agent.omit_hostname);
  CHECK(agent.always_include_local_tags);
  CHECK(agent.always_include_global_tags);
  CHECK(agent.origin.table == Place{0, 1});
  CHECK(agent.origin.options.size() == 10);
}

TEST_CASE("options of sending and of log files are named and lose nothing") {
  const auto loaded = test::load(R"([agent]
metric_batch_size = 1000
metric_buffer_limit = 10000
flush_interval = "10s"
flush_jitter = "0s"
logtarget = "stderr"
logfile = "/var/log/telegraf/telegraf.log"
logfile_rotation_max_size = "1MB"
snmp_translator = "gosmi"
precision = "1ms"
skip_processors_after_aggregators = true
)");
  CHECK(test::said(loaded).size() == 9);
  for (const Finding& each : loaded.findings)
    if (each.place.line > 0) CHECK(each.effect == Effect::none);
}

TEST_CASE("an interval that cannot be is as if not written") {
  for (const char* interval : {"0", "\"50ms\"", "true", "\"x\""}) {
    const auto loaded = test::load(std::string("[agent]\nInterval = ") + interval);
    CHECK(test::said_only(loaded, "2 differs agent."));
    CHECK(loaded.settings.agent.interval_ns == 10'000'000'000);
  }
}

TEST_CASE("global tags are strings, under both names of their table") {
  const auto loaded = test::load("[global_tags]\nb = \"1\"\na = \"2\"\nc = 3\n");
  CHECK(test::said_only(loaded, "4 differs global_tags: holds a whole number"));
  CHECK(loaded.settings.global_tags == Tags{{"a", "2"}, {"b", "1"}});
  CHECK(loaded.settings.global_tags_origin.options.size() == 2);
  CHECK(test::load("[tags]\na = \"1\"\n").settings.global_tags == Tags{{"a", "1"}});
}
