#include "source/runtime/http_client.hpp"

#include <doctest/doctest.h>

#include <cerrno>

#include "base/clock.hpp"
#include "support/fake_engine.hpp"

using namespace hostmeter;
using namespace hostmeter::source::runtime;
using test::FakeEngine;
using Peer = FakeEngine::Connection;

namespace {

const base::SystemClock kClock;
constexpr std::uint64_t kMs = 1'000'000, kPatience = 10'000 * kMs;

struct Asking {
  explicit Asking(FakeEngine::Serve serve, std::uint64_t timeout_ns = kPatience)
      : engine(std::move(serve)),
        client(engine.root(), FakeEngine::kSocket, kClock, interrupt, timeout_ns) {}

  int failure(std::size_t longest = 1'000) {
    const auto answer = client.get("/x", longest);
    return answer ? 0 : answer.error().code;
  }

  FakeEngine engine;
  source::Interrupt interrupt;
  HttpClient client;
};

std::uint64_t soon() {
  return kClock.monotonic_ns() + kPatience;
}

}  // namespace

TEST_CASE("a question is asked once and answered whole") {
  Asking asking(
      [](Peer& peer, const std::string& target) { peer.answer("<" + target + ">", 404); });
  const auto answer = asking.client.get("/version", 1'000);
  REQUIRE(answer);
  CHECK(answer->status == 404);
  CHECK(answer->body == "</version>");
  CHECK(asking.client.requests() == 1);
  CHECK(asking.engine.targets() == std::vector<std::string>{"/version"});
}

TEST_CASE("an answer that comes in drops is still one") {
  Asking asking([](Peer& peer, const std::string&) {
    const std::string_view text = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc";
    for (const char c : text) peer.send({&c, 1});
  });
  CHECK(asking.failure() == 0);
}

TEST_CASE("one who hangs, before, within or behind the headers, costs the timeout") {
  for (const char* begun :
       {"", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nab"}) {
    Asking asking(
        [&](Peer& peer, const std::string&) {
          peer.send(begun);
          peer.hang();
        },
        50 * kMs);
    CHECK(asking.failure() == ETIMEDOUT);
  }
}

TEST_CASE("one who says a little now and then does not stretch the timeout") {
  Asking asking(
      [](Peer& peer, const std::string&) {
        peer.send("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n");
        while (peer.send("x") && peer.is_open_after(5)) continue;
      },
      100 * kMs);
  CHECK(asking.failure(100'000) == ETIMEDOUT);
}

TEST_CASE("garbage, a hang-up in the middle and what is too long are told apart") {
  CHECK(Asking([](Peer& peer, const std::string&) {
          peer.send("\x16\x03\x01 what?\r\n\r\n");
        }).failure() == EPROTO);
  CHECK(Asking([](Peer&, const std::string&) {}).failure() == ECONNRESET);
  CHECK(Asking([](Peer& peer, const std::string&) {
          peer.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc");
        }).failure() == ECONNRESET);
  CHECK(Asking([](Peer& peer, const std::string&) {
          peer.answer(std::string(1'001, 'x'));
        }).failure() == EMSGSIZE);
  CHECK(Asking([](Peer& peer, const std::string&) {
          peer.begin_chunks();
          while (peer.chunk(std::string(100, 'x'))) continue;
        }).failure() == EMSGSIZE);
  CHECK(Asking([](Peer& peer, const std::string&) {
          peer.send("HTTP/1.1 200 OK\r\n");
          while (peer.send("X: " + std::string(1'000, 'x') + "\r\n")) continue;
        }).failure() == EPROTO);
}

TEST_CASE("a stream is read line by line, whatever pieces it comes in; then its end is told") {
  Asking asking([](Peer& peer, const std::string&) {
    peer.begin_chunks();
    peer.chunk("{\"a\"");
    peer.chunk(":1}\n{\"b\":2}\r\n\n{\"c\":3}\n");
    peer.chunk("{\"d\"");
  });
  auto stream = asking.client.stream("/events");
  REQUIRE(stream);
  for (const char* wanted : {"{\"a\":1}", "{\"b\":2}", "{\"c\":3}"}) {
    const auto line = stream->line(1'000, soon());
    REQUIRE(line);
    REQUIRE(*line);
    CHECK(**line == wanted);
  }
  const auto end = stream->line(1'000, soon());
  CHECK_FALSE(end);
  CHECK(end.error().code == ECONNRESET);
}

TEST_CASE("a stream that is silent is no error, and goes on later") {
  std::atomic<bool> go{false};
  Asking asking([&](Peer& peer, const std::string&) {
    peer.begin_chunks();
    peer.chunk("{\"a\"");
    while (!go) peer.is_open_after(5);
    peer.chunk(":1}\n");
    peer.hang();
  });
  auto stream = asking.client.stream("/events");
  REQUIRE(stream);
  const auto nothing = stream->line(1'000, kClock.monotonic_ns() + 20 * kMs);
  REQUIRE(nothing);
  CHECK_FALSE(*nothing);
  go = true;
  const auto line = stream->line(1'000, soon());
  REQUIRE(line);
  REQUIRE(*line);
  CHECK(**line == "{\"a\":1}");
}

TEST_CASE("a stream of nothing, of too much or of an error is not followed") {
  {
    Asking asking([](Peer& peer, const std::string&) {
      peer.begin_chunks();
      while (peer.chunk(std::string(10'000, '\n'))) continue;
    });
    auto stream = asking.client.stream("/events");
    REQUIRE(stream);
    const auto line = stream->line(1'000, soon());
    REQUIRE(line);
    CHECK_FALSE(*line);  // it gives up long before the deadline
  }
  {
    Asking asking([](Peer& peer, const std::string&) {
      peer.begin_chunks();
      while (peer.chunk(std::string(10'000, 'x'))) continue;
    });
    auto stream = asking.client.stream("/events");
    REQUIRE(stream);
    const auto line = stream->line(100'000, soon());
    CHECK_FALSE(line);
    CHECK(line.error().code == EMSGSIZE);
  }
  Asking asking([](Peer& peer, const std::string&) { peer.answer("no", 500); });
  const auto stream = asking.client.stream("/events");
  CHECK_FALSE(stream);
  CHECK(stream.error().code == ENOTSUP);
}

TEST_CASE("a long answer can be waited for in between") {
  std::atomic<bool> go{false};
  Asking asking([&](Peer& peer, const std::string&) {
    while (!go) peer.is_open_after(5);
    peer.answer("{}");
  });
  auto asked = asking.client.ask("/system/df");
  REQUIRE(asked);
  const auto not_yet = asked->wait(1'000, kClock.monotonic_ns());
  CHECK_FALSE(not_yet);
  CHECK(not_yet.error().code == ETIMEDOUT);
  go = true;
  CHECK(asked->wait(1'000, soon()));
  CHECK(asked->take().body == "{}");
}
