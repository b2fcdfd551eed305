#include "store/snapshot.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <thread>

using hostmeter::store::Snapshot;
using hostmeter::store::SnapshotPool;

namespace {
void publish(SnapshotPool& pool, std::uint64_t sequence) {
  Snapshot* const snapshot = pool.take_free();
  REQUIRE(snapshot);
  snapshot->sequence = sequence;
  pool.publish(snapshot);
}
}  // namespace

TEST_CASE("readers share the newest snapshot and keep the one they hold") {
  SnapshotPool pool(2);
  CHECK_FALSE(pool.newest());
  publish(pool, 1);
  auto first = pool.newest();
  publish(pool, 2);
  publish(pool, 3);
  publish(pool, 4);
  CHECK(first->sequence == 1);
  CHECK(pool.newest()->sequence == 4);
  CHECK(pool.oldest_in_use() == 1);
  first = {};
  CHECK(pool.oldest_in_use() == 4);
}

TEST_CASE("more readers than the pool is for are turned away, the pump never") {
  SnapshotPool pool(2);
  publish(pool, 1);
  const auto a = pool.newest();
  publish(pool, 2);
  const auto b = pool.newest();
  CHECK_FALSE(pool.newest());
  publish(pool, 3);
  publish(pool, 4);
  CHECK(pool.oldest_in_use() == 1);
}

TEST_CASE("waiting for a newer snapshot ends when it comes, or with the time") {
  SnapshotPool pool(1);
  CHECK_FALSE(pool.wait_newer(0, 1));
  publish(pool, 1);
  CHECK(pool.wait_newer(0, 1));
  CHECK_FALSE(pool.wait_newer(1, 1));
}

TEST_CASE("a reader never sees a snapshot that is being filled") {
  SnapshotPool pool(3);
  std::atomic<bool> stop{false};
  std::vector<std::thread> readers;
  std::atomic<int> torn{0};
  for (int i = 0; i < 3; ++i)
    readers.emplace_back([&] {
      while (!stop) {
        const auto lease = pool.newest();
        if (!lease) continue;
        for (const auto value : lease->values)
          if (value != lease->sequence) ++torn;
      }
    });
  for (std::uint64_t sequence = 1; sequence <= 2000; ++sequence) {
    Snapshot* const snapshot = pool.take_free();
    REQUIRE(snapshot);
    snapshot->sequence = sequence;
    snapshot->values.assign(64, sequence);
    pool.publish(snapshot);
  }
  stop = true;
  for (auto& reader : readers) reader.join();
  CHECK(torn == 0);
}
