#include <doctest/doctest.h>

#include "collect/all.hpp"
#include "support/find_collector.hpp"

using namespace hostmeter;

TEST_CASE("text files are told of under node_exporter's names") {
  const CollectorSpec& spec = test::collector("textfile");
  CHECK(test::metric_of(spec, Group::textfile, 0) == "node_textfile_mtime_seconds");
  CHECK(test::metric_of(spec, Group::textfiles, 0) == "node_textfile_scrape_error");
}
