#include "store/served.hpp"

#include <doctest/doctest.h>

using namespace hostmeter;

TEST_CASE("another pool is served at once, and the old one may go when its last reader has") {
  store::SnapshotPool before(2), after(2);
  for (auto* pool : {&before, &after}) {
    store::Snapshot* const snapshot = pool->take_free();
    snapshot->sequence = pool == &before ? 1 : 2;
    pool->publish(snapshot);
  }
  store::Served served;
  CHECK_FALSE(served.newest());
  served.serve(&before);
  auto reader = served.newest();
  served.serve(&after);
  CHECK(served.newest()->sequence == 2);
  CHECK(reader->sequence == 1);
  CHECK_FALSE(before.wait_unread(1));
  reader = {};
  CHECK(before.wait_unread(1));
}
