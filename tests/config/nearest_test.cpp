#include "config/nearest.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace hostmeter::config;

TEST_CASE("edit distance") {
  CHECK(edit_distance("", "") == 0);
  CHECK(edit_distance("", "abc") == 3);
  CHECK(edit_distance("interval", "intervall") == 1);
  CHECK(edit_distance("interval", "intreval") == 1);
  CHECK(edit_distance("kitten", "sitting") == 3);
  CHECK(edit_distance(std::string(100'000, 'a'), "b") == 100'000);
}

TEST_CASE("the nearest name is one that may have been meant") {
  const std::string_view names[] = {"interval", "disable", "interfaces", "bpf"};
  CHECK(nearest("intervall", names) == "interval");
  CHECK(nearest("disabled", names) == "disable");
  CHECK(nearest("interface", names) == "interfaces");
  CHECK(nearest("ebpf", names) == "bpf");
  CHECK(nearest("zzz", names) == "");
  CHECK(nearest("", names) == "");
  CHECK(nearest(std::string(1000, 'x'), names) == "");
}
