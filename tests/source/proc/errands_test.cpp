#include "source/proc/errands.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <thread>

#include "support/fake_clock.hpp"

using namespace hostmeter;
using namespace hostmeter::source::proc;

namespace {

constexpr std::uint64_t kSecond = 1'000'000'000;

// A driver that answers, or hangs until it is released.
class Driver final : public Errand {
 public:
  explicit Driver(bool hangs = false) : hangs_(hangs) {}
  void release() {
    const std::lock_guard hold(lock_);
    hangs_ = false;
    moved_.notify_all();
  }
  int asked() {
    const std::lock_guard hold(lock_);
    return asked_;
  }

 protected:
  void run(base::Buffer&) override {
    std::unique_lock hold(lock_);
    ++asked_;
    moved_.wait(hold, [this] { return !hangs_; });
  }

 private:
  std::mutex lock_;
  std::condition_variable moved_;
  bool hangs_;
  int asked_ = 0;
};

// What the program does with it, but that the test joins in the end.
struct Program {
  Errands errands;
  std::vector<std::shared_ptr<Driver>> drivers;
  std::vector<std::thread> threads;
  std::uint64_t now = 100 * kSecond;

  explicit Program(const Errands::Options& options = {})
      : errands(options, std::make_shared<test::FakeClock>()) {
    errands.tick(now);
  }
  ~Program() {
    errands.stop();
    for (const auto& driver : drivers) driver->release();
    for (std::thread& thread : threads) thread.join();
  }
  std::shared_ptr<Driver> add(bool hangs = false) {
    return drivers.emplace_back(std::make_shared<Driver>(hangs));
  }
  void tick(std::uint64_t seconds) {
    now += seconds * kSecond;
    errands.tick(now);
    if (errands.start_one()) threads.emplace_back([this] { errands.run(); });
  }
  template <class Condition>
  bool soon(Condition&& condition) {
    for (int i = 0; i < 5000; ++i) {
      if (condition()) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return false;
  }
  bool comes_back(const std::shared_ptr<Driver>& driver) {
    return soon([&] { return errands.take_back(*driver); });
  }
};

}  // namespace

TEST_CASE("an errand is run once for each time it is sent, by one thread") {
  Program program;
  program.tick(0);
  CHECK(program.threads.empty());  // nothing to do, no thread
  const auto one = program.add(), two = program.add();
  CHECK_FALSE(program.errands.take_back(*one));
  program.errands.send(one);
  program.errands.send(one);
  program.errands.send(two);
  CHECK_FALSE(program.errands.settled());
  program.tick(0);
  CHECK(program.comes_back(one));
  CHECK(program.comes_back(two));
  CHECK_FALSE(program.errands.take_back(*one));
  CHECK(program.errands.settled());
  CHECK(one->asked() == 1);
  program.errands.send(one);
  CHECK(program.comes_back(one));
  CHECK(one->asked() == 2);
  CHECK(program.threads.size() == 1);
}

TEST_CASE("what hangs is given up after the limit, and another thread goes on") {
  Program program;
  const auto hung = program.add(true), next = program.add();
  program.errands.send(hung);
  program.errands.send(next);
  program.tick(0);
  REQUIRE(program.soon([&] { return hung->asked() == 1; }));
  program.tick(4);
  CHECK_FALSE(program.errands.is_overdue(*hung));
  program.tick(1);
  CHECK(program.errands.is_overdue(*hung));
  CHECK(program.errands.stuck() == 1);
  CHECK(program.comes_back(next));
  CHECK(program.errands.settled());
  program.errands.send(hung);  // never asked twice while it hangs
  hung->release();
  CHECK(program.comes_back(hung));
  CHECK_FALSE(program.errands.is_overdue(*hung));
  CHECK(program.soon([&] { return program.errands.stuck() == 0; }));
  CHECK(hung->asked() == 1);
  CHECK(program.threads.size() == 2);
}

TEST_CASE("no more threads are given up than allowed; what nobody can ask is overdue too") {
  Program program({.most_stuck = 2});
  const auto a = program.add(true), b = program.add(true), c = program.add();
  for (const auto& driver : {a, b, c}) program.errands.send(driver);
  program.tick(0);
  REQUIRE(program.soon([&] { return a->asked() == 1; }));
  program.tick(5);
  REQUIRE(program.soon([&] { return b->asked() == 1; }));
  program.tick(5);
  program.tick(15);
  CHECK(program.threads.size() == 2);
  CHECK_FALSE(program.errands.is_overdue(*c));
  program.tick(5);
  CHECK(program.errands.is_overdue(*c));
  CHECK(c->asked() == 0);
  a->release();
  CHECK(program.comes_back(c));
}

TEST_CASE("an errand that nobody waits for any longer is no trouble") {
  Program program;
  auto hung = std::make_shared<Driver>(true);
  Driver* driver = hung.get();
  program.errands.send(hung);
  program.tick(0);
  REQUIRE(program.soon([&] { return driver->asked() == 1; }));
  const std::weak_ptr<Driver> left = hung;
  program.tick(5);
  hung.reset();
  REQUIRE(left.lock());
  driver->release();
  CHECK(program.soon([&] { return left.expired(); }));
}

TEST_CASE("without threads an errand is run as it is sent") {
  const test::FakeClock clock;
  const auto errands = errands_without_threads(clock);
  const auto driver = std::make_shared<Driver>();
  errands->send(driver);
  CHECK(driver->asked() == 1);
  CHECK(errands->take_back(*driver));
  CHECK_FALSE(errands->take_back(*driver));
  CHECK_FALSE(errands->start_one());
}

TEST_CASE("while all threads are stuck, what nobody wants any more leaves the queue") {
  Errands errands({}, std::make_shared<test::FakeClock>());
  std::vector<std::weak_ptr<Driver>> sent;
  for (int i = 0; i < 1000; ++i) {
    const auto unwanted = std::make_shared<Driver>();
    sent.push_back(unwanted);
    errands.send(unwanted);
  }
  CHECK(std::ranges::count_if(sent, [](const auto& driver) { return !driver.expired(); }) <= 65);
}

TEST_CASE("a slow driver rests, but not for ever") {
  using source::proc::rest_after;
  CHECK(rest_after(10'000'000) == 0);
  CHECK(rest_after(20'000'000) == 2'000'000'000);
  CHECK(rest_after(600'000'000'000) == 60'000'000'000);
  CHECK(rest_after(~std::uint64_t{0}) == 60'000'000'000);
}
