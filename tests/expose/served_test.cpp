#include "expose/served.hpp"

#include <doctest/doctest.h>

#include "contract/standard.hpp"

using namespace hostmeter;

TEST_CASE("another pool is served at once, and the old one may go when its last reader has") {
  store::SnapshotPool before(2), after(2);
  for (auto* pool : {&before, &after}) {
    store::Snapshot* const snapshot = pool->take_free();
    snapshot->sequence = pool == &before ? 1 : 2;
    pool->publish(snapshot);
  }
  const contract::Standard contract;
  expose::Served served;
  CHECK_FALSE(served.newest().snapshot);
  served.serve(before, contract);
  auto reader = served.newest().snapshot;
  served.serve(after, contract);
  CHECK(served.newest().snapshot->sequence == 2);
  served.count_refused();
  CHECK(after.refused() == 1);
  CHECK(reader->sequence == 1);
  CHECK_FALSE(before.wait_unread(1));
  reader = {};
  CHECK(before.wait_unread(1));
}
