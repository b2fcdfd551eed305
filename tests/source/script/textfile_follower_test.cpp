#include "source/script/textfile_follower.hpp"

#include <doctest/doctest.h>

#include <thread>

#include "hostmeter/flow/facts/textfile.hpp"
#include "support/captured.hpp"
#include "support/fake_clock.hpp"
#include "support/tree.hpp"

using namespace hostmeter;
using namespace hostmeter::source;

namespace {

constexpr std::uint64_t kSecond = 1'000'000'000;

struct Lab {
  test::Tree tree{"-- text/a.prom --\na 1\nb\n"};
  test::FakeClock clock;
  base::Dir root{std::move(*base::Dir::open(tree.root().c_str()))};
  script::TextfileFollower follower{
      root, clock, InstanceIds(9), {.directories = {"/text"}}, 15 * kSecond};
  test::Captured out;

  bool reads(bool resend = false) {
    out.clear();
    follower.follow(out, resend);
    return out.value(Textfiles::error).has_value();
  }
};

}  // namespace

TEST_CASE("files are looked at at once, then at each interval, and when Records were lost") {
  Lab lab;
  CHECK(lab.reads());
  const std::vector<Remark> remarks = lab.follower.take_remarks();
  REQUIRE(remarks.size() == 1);
  CHECK(remarks[0].is_trouble);
  lab.clock.monotonic += 15 * kSecond - 1;
  CHECK_FALSE(lab.reads());
  lab.clock.monotonic += 1;
  CHECK(lab.reads());
  CHECK(lab.reads(true));
  CHECK(lab.follower.take_remarks().empty());
}

TEST_CASE("whoever waits is interrupted, for good") {
  Lab lab;
  lab.reads();
  std::thread other([&lab] { lab.follower.interrupt(); });
  for (int i = 0; i < 3; ++i) CHECK_FALSE(lab.reads());
  other.join();
}
