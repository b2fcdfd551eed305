#include "source/bpf/programs.hpp"

#include <doctest/doctest.h>

using namespace hostmeter::source::bpf;

TEST_CASE("what the kernel does not tell of a program is not 0") {
  UseRights rights;
  const int none[] = {-1};
  CHECK_FALSE(recursion_misses(none, rights));
  CHECK(recursion_misses({}, rights) == 0U);
}
