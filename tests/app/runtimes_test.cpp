#include "app/runtimes.hpp"

#include <doctest/doctest.h>
#include <sys/prctl.h>

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>

#include "base/clock.hpp"

using namespace hostmeter;
using app::NamedSource, app::Runtimes;

namespace {

const base::SystemClock kClock;

// Does in each follow() what it is told, or waits until it is interrupted.
class FakeRuntime final : public source::Follower {
 public:
  using Step = std::function<void(Output&, bool resend)>;
  explicit FakeRuntime(Step step) : step_(std::move(step)) {}
  void follow(Output& out, bool resend) override {
    if (step_) return step_(out, resend);
    std::unique_lock lock(mutex_);
    wake_.wait(lock, [this] { return interrupted_; });
  }
  void doubt() override { ++doubts; }
  std::atomic<int> doubts{0};
  void interrupt() override {
    const std::lock_guard lock(mutex_);
    interrupted_ = true;
    wake_.notify_all();
  }

 private:
  Step step_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool interrupted_ = false;
};

std::vector<NamedSource> sources(std::vector<FakeRuntime::Step> steps) {
  std::vector<NamedSource> made;
  for (auto& step : steps)
    made.push_back(
        {"runtime" + std::to_string(made.size()), std::make_unique<FakeRuntime>(std::move(step))});
  return made;
}

void nap() {
  std::this_thread::sleep_for(std::chrono::milliseconds(1));
}

bool comes_true(const std::function<bool()>& condition) {
  for (int i = 0; i < 10'000 && !condition(); ++i) nap();
  return condition();
}

}  // namespace

TEST_CASE("a runtime that hangs delays no other, and ends when told to") {
  const app::Doorbell pump;
  Runtimes runtimes(sources({{},
                             [](Output& out, bool) {
                               out.send(NewsItem(RuntimeUp{Runtime::podman, true}));
                               nap();
                             }}),
                    kClock);
  const auto channels = runtimes.channels();
  REQUIRE(channels.size() == 2);
  CHECK(channels[1]->name == "runtime1");
  runtimes.start(pump);
  CHECK(comes_true([&] { return channels[1]->news.tail() > 0; }));
  CHECK(channels[0]->news.tail() == 0);
  CHECK_FALSE(runtimes.settled());
  runtimes.stop();
}

TEST_CASE("they are settled once each has told what it knows") {
  const app::Doorbell pump;
  Runtimes runtimes(sources({[](Output&, bool) { nap(); }}), kClock);
  CHECK_FALSE(runtimes.settled());
  runtimes.start(pump);
  CHECK(comes_true([&] { return runtimes.settled(); }));
}

TEST_CASE("a round that did not fit is sent again; none is asked for while News waits for room") {
  const app::Doorbell pump;
  std::atomic<int> rounds{0}, resent{0};
  const auto step = [&](Output& out, bool resend) {
    resent += resend;
    if (++rounds > 2) return nap();
    for (std::size_t i = 0; i < Runtimes::kNewsSlots + 1; ++i)
      out.send(NewsItem(RuntimeUp{Runtime::docker, true}));
  };
  Runtimes runtimes(sources({step}), kClock);
  app::Channel& channel = *runtimes.channels()[0];
  runtimes.start(pump);
  CHECK(comes_true([&] { return channel.news_delayed.load() > 0; }));
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  CHECK(rounds == 1);
  std::size_t received = 0;
  CHECK(comes_true([&] {
    channel.news.drain_until(channel.news.tail(), [&](const News&) { ++received; });
    return rounds > 2;
  }));
  runtimes.stop();
  channel.news.drain_until(channel.news.tail(), [&](const News&) { ++received; });
  CHECK(received == 2 * (Runtimes::kNewsSlots + 1));
  CHECK(resent >= 1);
}

TEST_CASE("what the pump doubts is told to the source, once") {
  const app::Doorbell pump;
  std::vector<NamedSource> named = sources({[](Output&, bool) { nap(); }});
  const auto& source = static_cast<const FakeRuntime&>(*named[0].source);
  Runtimes runtimes(std::move(named), kClock);
  runtimes.start(pump);
  CHECK(comes_true([&] { return runtimes.settled(); }));
  CHECK(source.doubts == 0);
  runtimes.channels()[0]->doubts = true;
  CHECK(comes_true([&] { return source.doubts > 0; }));
  runtimes.stop();
  CHECK(source.doubts == 1);
}

TEST_CASE("its thread keeps no rights") {
  const app::Doorbell pump;
  std::atomic<bool> none{false};
  Runtimes runtimes(sources({[&](Output&, bool) {
                      const auto now = base::capabilities();
                      none = now && now->permitted.bits() == 0 &&
                             ::prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1;
                      nap();
                    }}),
                    kClock);
  runtimes.start(pump);
  CHECK(comes_true([&] { return runtimes.settled(); }));
  runtimes.stop();
  CHECK(none);
}

TEST_CASE("whoever is not followed any more is told so, on the thread that followed it") {
  class Ending final : public source::Follower {
   public:
    explicit Ending(std::thread::id& ended) : ended_(ended) {}
    void follow(Output&, bool) override {
      followed_ = std::this_thread::get_id();
      nap();
    }
    void end() override {
      if (followed_ == std::this_thread::get_id()) ended_ = followed_;
    }
    void interrupt() override {}

   private:
    std::thread::id& ended_;
    std::thread::id followed_;
  };
  std::thread::id ended;
  std::vector<NamedSource> made;
  made.push_back({"ending", std::make_unique<Ending>(ended)});
  const app::Doorbell pump;
  Runtimes runtimes(std::move(made), kClock);
  runtimes.start(pump);
  CHECK(comes_true([&] { return runtimes.settled(); }));
  runtimes.stop();
  CHECK(ended != std::thread::id());
}
