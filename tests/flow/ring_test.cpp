#include "hostmeter/flow/ring.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <thread>

#include "hostmeter/flow/record.hpp"

using hostmeter::Record;
using hostmeter::Ring;

TEST_CASE("a ring gives back what was put in, in order, across its end many times") {
  Ring<int> ring(4);
  int expected = 0;
  for (int round = 0; round < 10; ++round) {
    for (int i = 0; i < 3; ++i) REQUIRE(ring.push(round * 3 + i));
    ring.drain_until(ring.tail(), [&](int value) { CHECK(value == expected++); });
  }
  CHECK(expected == 30);
}

TEST_CASE("a full ring refuses and leaves the value alone; kept slots are kept") {
  Ring<std::unique_ptr<int>> ring(4);
  for (int i = 0; i < 3; ++i) REQUIRE(ring.push(std::make_unique<int>(i), 1));
  auto last = std::make_unique<int>(3);
  CHECK_FALSE(ring.push(std::move(last), 1));
  REQUIRE(last);
  CHECK(ring.push(std::move(last)));
  CHECK_FALSE(ring.push(std::make_unique<int>(4)));
}

TEST_CASE("the producer sees when a ring is more than half full, and when it is not any more") {
  Ring<int> ring(4);
  ring.push(1);
  ring.push(2);
  CHECK_FALSE(ring.is_half_full());
  ring.push(3);
  CHECK(ring.is_half_full());
  ring.drain_until(ring.tail(), [](int) {});
  CHECK_FALSE(ring.is_half_full());
}

TEST_CASE("a drain stops at the end that was noted") {
  Ring<int> ring(8);
  ring.push(1);
  const auto end = ring.tail();
  ring.push(2);
  int seen = 0;
  ring.drain_until(end, [&](int) { ++seen; });
  CHECK(seen == 1);
}

TEST_CASE("what is left in a ring is freed with it") {
  const auto value = std::make_shared<int>(1);
  {
    Ring<std::shared_ptr<int>> ring(4);
    ring.push(std::shared_ptr<int>(value));
  }
  CHECK(value.use_count() == 1);
}

// The order of the values and of the two halves of each shows any torn or reordered slot.
TEST_CASE("two threads, a small ring, many Records: none lost, none torn, none twice") {
  constexpr std::uint64_t kRecords = 200'000;
  Ring<Record> ring(64);
  std::uint64_t wrong = 0, next = 0;
  std::thread consumer([&] {
    while (next < kRecords) {
      const auto end = ring.tail();
      ring.drain_until(end, [&](const Record& record) {
        if (record.value[0] != next || record.value[5] != ~next) ++wrong;
        ++next;
      });
      if (end % 7 == 0) std::this_thread::yield();  // so that it is full at times
    }
  });
  for (std::uint64_t i = 0; i < kRecords; ++i) {
    Record record{};
    record.value[0] = i;
    record.value[5] = ~i;
    while (!ring.push(Record(record))) std::this_thread::yield();
  }
  consumer.join();
  CHECK(wrong == 0);
}
