#include "source/runtime/unix_connection.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cerrno>
#include <thread>

#include "base/clock.hpp"
#include "support/fake_engine.hpp"

using namespace hostmeter;
using namespace hostmeter::source::runtime;
using test::FakeEngine;

namespace {

const base::SystemClock kClock;
constexpr std::uint64_t kMs = 1'000'000;

std::uint64_t in_ms(std::uint64_t ms) {
  return kClock.monotonic_ns() + ms * kMs;
}

int failure_to_open(const base::Dir& root, const char* path) {
  const source::Interrupt interrupt;
  const auto opened = UnixConnection::open(root, path, kClock, interrupt);
  return opened ? 0 : opened.error().code;
}

}  // namespace

TEST_CASE("what is written arrives, what comes is read, and the end is told") {
  FakeEngine engine([](FakeEngine::Connection& peer, const std::string& target) {
    peer.send(target == "/x" ? "yes" : "no");
  });
  const source::Interrupt interrupt;
  auto connection = UnixConnection::open(engine.root(), FakeEngine::kSocket, kClock, interrupt);
  REQUIRE(connection);
  CHECK(connection->listener() == ::getpid());
  CHECK_FALSE(connection->write("GET /x HTTP/1.1\r\n\r\n", in_ms(5'000)));
  std::array<char, 16> bytes{};
  const auto length = connection->read(bytes, in_ms(5'000));
  REQUIRE(length);
  CHECK(std::string_view(bytes.data(), *length) == "yes");
  const auto end = connection->read(bytes, in_ms(5'000));
  REQUIRE(end);
  CHECK(*end == 0);
}

TEST_CASE("a socket that is not there, is none, or has nobody is an error of its own") {
  FakeEngine engine([](FakeEngine::Connection&, const std::string&) {});
  CHECK(failure_to_open(engine.root(), "run/none.sock") == ENOENT);
  CHECK(failure_to_open(engine.root(), "run") == ECONNREFUSED);
  engine.stop();
  CHECK(failure_to_open(engine.root(), FakeEngine::kSocket) == ECONNREFUSED);
  engine.start();
  CHECK(failure_to_open(engine.root(), FakeEngine::kSocket) == 0);
}

TEST_CASE("links lead to files of the host that is read, not to ours") {
  FakeEngine engine([](FakeEngine::Connection&, const std::string&) {});
  std::filesystem::create_directory(engine.path() / "var");
  std::filesystem::create_directory_symlink("/run", engine.path() / "var/run");
  CHECK(failure_to_open(engine.root(), "var/run/engine.sock") == 0);
}

TEST_CASE("a path longer than a socket's address may be is found all the same") {
  FakeEngine engine([](FakeEngine::Connection&, const std::string&) {});
  std::string path = "run";
  for (int i = 0; i < 3; ++i) path += "/" + std::string(60, 'x');
  std::filesystem::create_directories(engine.path() / path);
  std::filesystem::create_symlink("/run/engine.sock", engine.path() / path / "s");
  CHECK(failure_to_open(engine.root(), (path + "/s").c_str()) == 0);
}

TEST_CASE("silence is waited for until the deadline, and no longer than until interrupted") {
  FakeEngine engine([](FakeEngine::Connection& peer, const std::string&) { peer.hang(); });
  source::Interrupt interrupt;
  auto connection = UnixConnection::open(engine.root(), FakeEngine::kSocket, kClock, interrupt);
  REQUIRE(connection);
  CHECK_FALSE(connection->write("GET /x HTTP/1.1\r\n\r\n", in_ms(5'000)));
  std::array<char, 16> bytes{};
  const auto late = connection->read(bytes, in_ms(20));
  CHECK_FALSE(late);
  CHECK(late.error().code == ETIMEDOUT);
  std::thread other([&] { interrupt.raise(); });
  const auto ended = connection->read(bytes, in_ms(600'000));
  other.join();
  CHECK_FALSE(ended);
  CHECK(ended.error().code == ECANCELED);
  CHECK_FALSE(sleep_until(in_ms(600'000), kClock, interrupt));
}

TEST_CASE("one who does not read is not written to for ever") {
  FakeEngine engine([](FakeEngine::Connection& peer, const std::string&) { peer.hang(); });
  const source::Interrupt interrupt;
  auto connection = UnixConnection::open(engine.root(), FakeEngine::kSocket, kClock, interrupt);
  REQUIRE(connection);
  const auto failure =
      connection->write("GET /x HTTP/1.1\r\n\r\n" + std::string(16 << 20, 'x'), in_ms(50));
  REQUIRE(failure);
  CHECK(failure->code == ETIMEDOUT);
}
