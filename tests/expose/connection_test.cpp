#include "expose/connection.hpp"

#include <doctest/doctest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/unique_fd.hpp"

using namespace hostmeter;
using expose::Connection;

namespace {

constexpr std::uint64_t kMs = 1'000'000;

struct Pair {
  base::UniqueFd ours, theirs;
  std::atomic<bool> stopping{false};
  base::SystemClock clock;
  Pair() {
    int ends[2];
    REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0);
    ours = base::UniqueFd(ends[0]);
    theirs = base::UniqueFd(ends[1]);
  }
};

}  // namespace

TEST_CASE("what was sent is read, byte by byte if wanted") {
  Pair pair;
  Connection connection(pair.ours.get(), pair.clock, 1000 * kMs, 1000 * kMs, pair.stopping);
  REQUIRE(::write(pair.theirs.get(), "GET", 3) == 3);
  char byte = 0;
  CHECK(connection.read(&byte, 1) == 1);
  CHECK(byte == 'G');
  char rest[8];
  CHECK(connection.read(rest, sizeof rest) == 2);
  CHECK(connection.write("200", 3) == 3);
}

TEST_CASE("a client that never ends its request is given up, however often it sends a byte") {
  Pair pair;
  Connection connection(pair.ours.get(), pair.clock, 50 * kMs, 1000 * kMs, pair.stopping);
  int bytes = 0;
  for (char byte = 0; bytes < 1000; ++bytes) {
    REQUIRE(::write(pair.theirs.get(), "x", 1) == 1);
    ::usleep(5'000);
    if (connection.read(&byte, 1) <= 0) break;
  }
  CHECK(bytes > 0);
  CHECK(bytes < 1000);
}

TEST_CASE("a client that does not take its response is given up") {
  Pair pair;
  Connection connection(pair.ours.get(), pair.clock, 1000 * kMs, 50 * kMs, pair.stopping);
  const std::vector<char> much(1 << 20);
  ssize_t sent = 0;
  for (int i = 0; i < 100 && sent >= 0; ++i) sent = connection.write(much.data(), much.size());
  CHECK(sent < 0);
}

TEST_CASE("stopping ends the waiting") {
  Pair pair;
  pair.stopping = true;
  Connection connection(pair.ours.get(), pair.clock, 60'000 * kMs, 60'000 * kMs, pair.stopping);
  char byte = 0;
  CHECK(connection.read(&byte, 1) < 0);
  CHECK_FALSE(connection.is_writable());
}
