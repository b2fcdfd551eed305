#include "hostmeter/flow/facts/filefd.hpp"

#include <doctest/doctest.h>

#include "collect/all.hpp"
#include "support/find_collector.hpp"

using namespace hostmeter;

TEST_CASE("open files keep node_exporter's names") {
  const CollectorSpec& spec = test::collector("filefd");
  const auto shown = [&](Filefd field) {
    return test::metric_of(spec, Group::filefd, unsigned(field));
  };
  CHECK(shown(Filefd::allocated) == "node_filefd_allocated");
  CHECK(shown(Filefd::maximum) == "node_filefd_maximum");
}
