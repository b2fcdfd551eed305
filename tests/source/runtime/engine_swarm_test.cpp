#include "source/runtime/engine_swarm.hpp"

#include <doctest/doctest.h>

#include <cerrno>
#include <functional>

#include "support/asked_engine.hpp"

using namespace hostmeter;
using namespace hostmeter::source::runtime;

namespace {

constexpr std::uint64_t kSecond = test::AskedEngine::kSecond;

struct Asking : test::AskedEngine {
  explicit Asking(std::uint64_t interval_ns = 15 * kSecond)
      : swarm(Runtime::docker, interval_ns, ids) {
    docker.set_services(
        R"([{"ID":"s1","Spec":{"Name":"web","Mode":{"Replicated":{"Replicas":3}}}},
            {"ID":"s2","Spec":{"Name":"all","Mode":{"Global":{}}}}])",
        R"([{"ServiceID":"s1","Status":{"State":"running"},"DesiredState":"running"},
            {"ServiceID":"s2","Status":{"State":"starting"},"DesiredState":"running"}])");
    swarm.begin(0);
  }
  // At one and the same moment, until it says so or fails.
  std::optional<Error> follow_until(std::uint64_t at_ns, const std::function<bool()>& condition) {
    const auto told = answer([&]() -> Result<bool> {
      if (const auto failure = swarm.follow(out, client, at_ns)) return *failure;
      return condition();
    });
    if (!told) return told.error();
    REQUIRE(*told);
    return {};
  }
  std::optional<Error> follow_until_told(std::uint64_t at_ns) {
    const std::size_t records = out.records.size();
    return follow_until(at_ns, [&] { return out.records.size() > records; });
  }
  bool has_lost_all() const {
    return out.news.size() == 2 && std::holds_alternative<GoneInstance>(out.news[0]);
  }

  EngineSwarm swarm;
};

}  // namespace

TEST_CASE("tasks of services, as wanted as their mode says") {
  Asking asking;
  REQUIRE_FALSE(asking.follow_until_told(kSecond));
  const Instance web = asking.named({"docker", "s1", "web", "replicated"}),
                 all = asking.named({"docker", "s2", "all", "global"});
  CHECK(asking.out.value(SwarmService::tasks_running, kHost, web) == 1);
  CHECK(asking.out.value(SwarmService::tasks_desired, kHost, web) == 3);
  CHECK(asking.out.value(SwarmService::tasks_running, kHost, all) == 0);
  CHECK(asking.out.value(SwarmService::tasks_desired, kHost, all) == 1);
  CHECK_FALSE(asking.out.value(SwarmService::max_concurrent, kHost, all));
  asking.out.records.clear();
  asking.swarm.resend(asking.out);
  CHECK(asking.out.value(SwarmService::tasks_desired, kHost, web) == 3);
}

TEST_CASE("once in an interval; an engine that manages no swarm takes all back") {
  Asking asking;
  REQUIRE_FALSE(asking.follow_until_told(kSecond));
  REQUIRE_FALSE(asking.swarm.follow(asking.out, asking.client, 15 * kSecond));
  CHECK(asking.asked("/services") == 1);
  asking.docker.set_services("", "");
  asking.out.clear();
  const auto failure = asking.follow_until(16 * kSecond, [] { return false; });
  REQUIRE(failure);
  CHECK(failure->code == ENOTSUP);
  CHECK(asking.has_lost_all());
  CHECK_FALSE(asking.swarm.follow(asking.out, asking.client, 90 * kSecond));  // asked more seldom
  CHECK(asking.asked("/services") == 2);
  CHECK(asking.follow_until(106 * kSecond, [] { return false; }));
}

TEST_CASE("one that refuses to answer but manages a swarm costs nothing until that is stale") {
  for (const char* question : {"/tasks", "/services"}) {
    CAPTURE(question);
    Asking asking;
    REQUIRE_FALSE(asking.follow_until_told(kSecond));
    asking.docker.refuse_at(question, question == std::string("/tasks") ? 503 : 500);
    asking.out.clear();
    const auto failure = asking.follow_until(16 * kSecond, [] { return false; });
    REQUIRE(failure);
    CHECK(failure->code == ENOTSUP);
    asking.swarm.pass_time(asking.out, 75 * kSecond);
    CHECK(asking.out.news.empty());
    CHECK(asking.follow_until(31 * kSecond, [] { return false; }));  // asked as often as ever
    asking.swarm.pass_time(asking.out, 76 * kSecond);
    CHECK(asking.has_lost_all());
  }
}

TEST_CASE("an engine that takes long is not waited for, and costs nothing until that is stale") {
  Asking asking;
  REQUIRE_FALSE(asking.follow_until_told(kSecond));
  asking.docker.hang_at("/tasks");
  asking.out.clear();
  const auto asks_for_tasks = [&] { return asking.asked("/tasks") == 2; };
  CHECK_FALSE(asking.follow_until(16 * kSecond, asks_for_tasks));
  CHECK_FALSE(asking.swarm.follow(asking.out, asking.client, 75 * kSecond));
  asking.swarm.pass_time(asking.out, 75 * kSecond);
  CHECK(asking.out.news.empty());
  const auto failure = asking.swarm.follow(asking.out, asking.client, 76 * kSecond);
  REQUIRE(failure);
  CHECK(failure->code == ETIMEDOUT);
  CHECK(asking.out.news.empty());
  asking.swarm.pass_time(asking.out, 76 * kSecond);
  CHECK(asking.has_lost_all());
  asking.docker.recover();
  CHECK_FALSE(asking.follow_until_told(91 * kSecond));
}

TEST_CASE("services that there is no room for are counted") {
  Asking asking;
  std::string many;
  for (std::size_t i = 0; i <= SwarmServices::kMost; ++i)
    many += (i == 0 ? "[" : ",") + (R"({"ID":"s)" + std::to_string(i)) +
            R"(","Spec":{"Name":"web","Mode":{"Global":{}}}})";
  asking.docker.set_services(many + "]", "[]");
  REQUIRE_FALSE(asking.follow_until_told(kSecond));
  CHECK(asking.out.records.size() == SwarmServices::kMost);
  CHECK(asking.swarm.left_out() == 1);
}

TEST_CASE("what is known of a swarm goes with its engine") {
  Asking asking;
  REQUIRE_FALSE(asking.follow_until_told(kSecond));
  asking.out.clear();
  asking.swarm.lose(asking.out);
  CHECK(asking.out.news.size() == 2);
  asking.out.clear();
  asking.swarm.resend(asking.out);
  CHECK(asking.out.records.empty());
}

TEST_CASE("without services nobody asks for tasks, and without an interval for nothing") {
  Asking asking;
  asking.docker.set_services("[]", "");
  REQUIRE_FALSE(asking.follow_until(kSecond, [&] { return asking.asked("/services") == 1; }));
  // Once it is asked again, the first answer was taken.
  REQUIRE_FALSE(asking.follow_until(16 * kSecond, [&] { return asking.asked("/services") == 2; }));
  CHECK(asking.asked("/tasks") == 0);
  Asking never(0);
  REQUIRE_FALSE(never.swarm.follow(never.out, never.client, kSecond));
  CHECK(never.asked("/services") == 0);
}
