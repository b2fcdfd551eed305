// An engine of a test, who asks it, and what of its answers is told.
#pragma once
#include <doctest/doctest.h>

#include <chrono>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "base/clock.hpp"
#include "hostmeter/flow/instances.hpp"
#include "source/runtime/engine_client.hpp"
#include "support/captured.hpp"
#include "support/fake_docker.hpp"

namespace hostmeter::test {

struct AskedEngine {
  static constexpr std::uint64_t kSecond = 1'000'000'000;

  AskedEngine() { REQUIRE(client.version()); }

  // Asks at one and the same moment, until there is an answer or none of use.
  Result<bool> answer(const std::function<Result<bool>()>& ask) const {
    for (int i = 0; i < 2'000; ++i) {
      auto answered = ask();
      if (!answered || *answered) return answered;
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return false;
  }
  std::size_t asked(const std::string& target) const { return FakeDocker::count(engine, target); }
  Instance named(const std::vector<std::string>& values) const {
    Instance found = 0;
    for (const NewsItem& item : out.news)
      if (const auto* one = std::get_if<NamedInstance>(&item); one && one->values == values)
        found = one->instance;
    return found;
  }

  const base::SystemClock real_clock{};
  FakeDocker docker;
  FakeEngine engine{docker.serve()};
  source::Interrupt interrupt;
  source::runtime::EngineClient client{
      Runtime::docker, source::runtime::HttpClient(engine.root(), FakeEngine::kSocket, real_clock,
                                                   interrupt, 10 * kSecond)};
  InstanceIds ids{1};
  Captured out;
};

}  // namespace hostmeter::test
