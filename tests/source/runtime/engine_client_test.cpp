#include "source/runtime/engine_client.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cerrno>

#include "base/clock.hpp"
#include "support/fake_docker.hpp"

using namespace hostmeter;
using namespace hostmeter::source::runtime;
using test::FakeDocker, test::FakeEngine;

namespace {

const base::SystemClock kClock;

struct Asking {
  explicit Asking(Runtime runtime = Runtime::docker)
      : engine(docker.serve()),
        client(runtime,
               HttpClient(engine.root(), FakeEngine::kSocket, kClock, interrupt, 10'000'000'000)) {}

  FakeDocker docker;
  FakeEngine engine;
  source::Interrupt interrupt;
  EngineClient client;
};

}  // namespace

TEST_CASE("after the version every question speaks it") {
  Asking asking;
  const auto version = asking.client.version();
  REQUIRE(version);
  CHECK(version->version == "20.10");
  CHECK(asking.client.api() == "1.41");
  CHECK(asking.client.container_ids());
  CHECK(asking.engine.targets() ==
        std::vector<std::string>{"/version", "/v1.41/containers/json?all=1"});
  CHECK(asking.client.requests() == 2);
}

TEST_CASE("a container is answered for, absent, or answered for wrongly") {
  Asking asking;
  REQUIRE(asking.client.version());
  asking.docker.put('a', "web1");
  const auto there = asking.client.inspect(FakeDocker::id('a'));
  REQUIRE(there);
  REQUIRE(*there);
  CHECK((*there)->description.name == "web1");
  const auto absent = asking.client.inspect(FakeDocker::id('b'));
  REQUIRE(absent);
  CHECK_FALSE(*absent);
  asking.docker.put_answer('b', R"({"Id":")" + FakeDocker::id('c') + "\"}");
  const auto other = asking.client.inspect(FakeDocker::id('b'));
  CHECK_FALSE(other);
  CHECK(other.error().code == EBADMSG);
}

TEST_CASE("Docker is asked only for events that change something, podman for all of two types") {
  for (const Runtime runtime : {Runtime::docker, Runtime::podman}) {
    Asking asking(runtime);
    REQUIRE(asking.client.version());
    CHECK(asking.client.events(1'700'000'000));
    const std::string target = asking.engine.targets().back();
    CHECK(target.starts_with("/v1.41/events?since=1700000000&filters=%7B%22type%22"));
    CHECK((target.find("health_status") != std::string::npos) == (runtime == Runtime::docker));
    CHECK(target.find("exec") == std::string::npos);
  }
}

TEST_CASE("an answer that says no is an error") {
  Asking asking;
  REQUIRE(asking.client.version());
  asking.docker.disk_answer = 500;
  auto asked = asking.client.ask_disk_usage();
  REQUIRE(asked);
  REQUIRE(asked->wait(10'000, kClock.monotonic_ns() + 10'000'000'000));
  CHECK(asked->take().status == 500);
}
