#include <doctest/doctest.h>

#include "collect/all.hpp"
#include "support/find_collector.hpp"

using namespace hostmeter;

TEST_CASE("logins and users are told apart") {
  const CollectorSpec& spec = test::collector("users");
  CHECK(test::metric_of(spec, Group::users, 0) == "node_user_sessions");
  CHECK(test::metric_of(spec, Group::users, 1) == "node_users_logged_in");
}
