// An engine of a test and who follows it, at a clock that can be moved on.
#pragma once
#include <algorithm>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "hostmeter/flow/facts/engine.hpp"
#include "source/runtime/engine_source.hpp"
#include "support/captured.hpp"
#include "support/fake_docker.hpp"
#include "support/tree.hpp"

namespace hostmeter::test {

struct ShiftedClock final : Clock {
  base::SystemClock real{};
  std::uint64_t ahead_ns = 0;
  std::uint64_t realtime_ns() const override { return real.realtime_ns(); }
  std::uint64_t monotonic_ns() const override { return real.monotonic_ns() + ahead_ns; }
  std::uint64_t thread_cpu_ns() const override { return real.thread_cpu_ns(); }
};

struct FollowedEngine {
  using EngineOptions = source::runtime::EngineOptions;

  explicit FollowedEngine(EngineOptions options = {}) : engine(docker.serve()) {
    options.socket = FakeEngine::kSocket;
    if (options.timeout_ns == EngineOptions{}.timeout_ns) options.timeout_ns = 20'000'000'000;
    source = std::make_unique<source::runtime::EngineSource>(options, engine.root(), proc, clock,
                                                             InstanceIds(1));
  }

  bool follow_until(const std::function<bool()>& condition) {
    for (int i = 0; i < 200 && !condition(); ++i) step();
    return condition();
  }
  void step(bool resend = false) {
    source->follow(out, resend);
    for (source::Remark& remark : source->take_remarks()) remarks.push_back(std::move(remark));
  }
  std::optional<bool> up() const {
    std::optional<bool> found;
    for (const NewsItem& item : out.news)
      if (const auto* news = std::get_if<RuntimeUp>(&item)) found = news->up;
    return found;
  }
  bool is_described(const std::string& name) const {
    for (const NewsItem& item : out.news)
      if (const auto* news = std::get_if<Described>(&item))
        if (news->description.name == name) return true;
    return false;
  }
  bool is_undescribed(char digit) const {
    for (const NewsItem& item : out.news)
      if (const auto* news = std::get_if<Undescribed>(&item))
        if (news->container_id == FakeDocker::id(digit)) return true;
    return false;
  }
  std::size_t asked(const std::string& target) const { return FakeDocker::count(engine, target); }
  // What is about the engine as a whole; its info metric has more labels.
  template <class Field>
  std::uint64_t engine_value(Field field) const {
    for (const NewsItem& item : out.news)
      if (const auto* named = std::get_if<NamedInstance>(&item))
        if (named->values == std::vector<std::string>{"docker"})
          return out.value(field, kHost, named->instance).value_or(~0U);
    return ~0U;
  }

  ShiftedClock clock;
  FakeDocker docker;
  FakeEngine engine;
  const Tree tree{""};
  const base::Dir proc = std::move(*base::Dir::open(tree.root().c_str()));
  Captured out;
  std::vector<source::Remark> remarks;
  std::unique_ptr<source::runtime::EngineSource> source;
};

}  // namespace hostmeter::test
