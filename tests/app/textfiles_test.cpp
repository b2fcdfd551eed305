#include "app/textfiles.hpp"

#include <doctest/doctest.h>

#include "base/clock.hpp"
#include "support/captured.hpp"
#include "support/tree.hpp"

using namespace hostmeter;

TEST_CASE(
    "text files of the host's root are printed, by default from where node_exporter has them") {
  const test::Tree tree("-- var/lib/prometheus/node-exporter/a.prom --\na 1\n");
  const base::SystemClock clock;
  source::Host host;
  host.clock = &clock;
  host.root = std::move(*base::Dir::open(tree.root().c_str()));
  config::Settings settings;
  const auto source = app::textfiles(settings, host, InstanceIds(9));
  REQUIRE(source);
  test::Captured out;
  source->source->follow(out, false);
  REQUIRE_FALSE(out.news.empty());
  const auto* printed = std::get_if<Printed>(&out.news.front());
  REQUIRE(printed);
  CHECK(printed->by == "textfile:/var/lib/prometheus/node-exporter/a.prom");

  settings.textfile.directories.clear();
  CHECK_FALSE(app::textfiles(settings, host, InstanceIds(9)));
}
