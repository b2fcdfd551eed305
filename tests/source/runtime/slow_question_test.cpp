#include "source/runtime/slow_question.hpp"

#include <doctest/doctest.h>

#include <cerrno>
#include <chrono>
#include <thread>

#include "base/clock.hpp"
#include "support/fake_engine.hpp"

using namespace hostmeter;
using namespace hostmeter::source::runtime;
using test::FakeEngine;

namespace {

const base::SystemClock kClock;

struct Asking {
  explicit Asking(std::uint64_t interval_ns = 100)
      : question(
            {.longest = 1'000, .interval_ns = interval_ns, .retry_ns = 20, .patience_ns = 50}) {}

  std::optional<Error> ask(const char* target, std::uint64_t now_ns) {
    return question.ask(http.ask(target), now_ns);
  }
  Result<std::string> answer(std::uint64_t now_ns) {
    for (int i = 0; i < 2'000; ++i) {
      if (auto found = question.answer(now_ns)) return std::move(*found);
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    FAIL("no answer");
    return Error{};
  }

  FakeEngine engine{[](FakeEngine::Connection& peer, const std::string& target) {
    if (target == "/slow") return peer.hang();
    peer.answer(target, target == "/no" ? 500 : 200);
  }};
  source::Interrupt interrupt;
  HttpClient http{engine.root(), FakeEngine::kSocket, kClock, interrupt, 10'000'000'000};
  SlowQuestion question;
};

}  // namespace

TEST_CASE("it is asked when it is wanted, then once in an interval") {
  Asking asking;
  SlowQuestion& question = asking.question;
  CHECK_FALSE(question.is_due(1'000));
  question.want(5);
  CHECK_FALSE(question.is_due(4));
  CHECK(question.next_look_ns(4) == 5);
  CHECK(question.is_due(5));
  REQUIRE_FALSE(asking.ask("/yes", 5));
  CHECK_FALSE(question.is_due(1'000));  // one at a time
  const auto body = asking.answer(6);
  REQUIRE(body);
  CHECK(*body == "/yes");
  CHECK_FALSE(question.answer(6));  // told once
  question.taken(10);
  CHECK_FALSE(question.is_due(109));
  CHECK(question.is_due(110));
  CHECK_FALSE(question.is_stale(159));
  CHECK(question.is_stale(160));
}

TEST_CASE("a failure is tried again; what it would have replaced stands for a while") {
  Asking asking;
  SlowQuestion& question = asking.question;
  question.want(0);
  REQUIRE_FALSE(asking.ask("/no", 0));
  const auto no = asking.answer(1);
  REQUIRE_FALSE(no);
  CHECK(no.error().code == ENOTSUP);
  CHECK(question.status() == 500);
  CHECK_FALSE(question.is_due(20));
  CHECK(question.is_due(21));
  CHECK(asking.question.ask(Error{ECONNREFUSED, "connect"}, 21)->code == ECONNREFUSED);
  CHECK_FALSE(question.is_due(40));
  CHECK(question.is_due(41));
  CHECK_FALSE(question.is_stale(49));
  CHECK(question.is_stale(50));
}

TEST_CASE("nobody waits for one that takes long, and at last it is given up") {
  Asking asking;
  asking.question.want(0);
  REQUIRE_FALSE(asking.ask("/slow", 0));
  CHECK_FALSE(asking.question.answer(49));
  constexpr std::uint64_t kMs = 1'000'000;
  CHECK_FALSE(asking.question.answer(0, 1));
  CHECK(asking.question.next_look_ns(1) == 1 + 10 * kMs);
  CHECK(asking.question.next_look_ns(300 * kMs) == 600 * kMs);
  CHECK(asking.question.next_look_ns(5'000 * kMs) == 6'000 * kMs);
  const auto given_up = asking.question.answer(50);
  REQUIRE(given_up);
  CHECK(given_up->error().code == ETIMEDOUT);
  CHECK_FALSE(asking.question.is_open());
}

TEST_CASE("an answer that was wanted again while it was under way is followed by another") {
  Asking asking(SlowQuestion::kNever);
  SlowQuestion& question = asking.question;
  question.want(0);
  REQUIRE_FALSE(asking.ask("/yes", 0));
  question.want(3);
  REQUIRE(asking.answer(2));
  CHECK(question.is_wanted_again());
  question.taken(2);
  CHECK(question.is_due(3));
  REQUIRE_FALSE(asking.ask("/yes", 3));
  REQUIRE(asking.answer(4));
  CHECK_FALSE(question.is_wanted_again());
  question.taken(4);
  CHECK_FALSE(question.is_due(1'000'000));
  CHECK_FALSE(question.is_stale(1'000'000));
}
