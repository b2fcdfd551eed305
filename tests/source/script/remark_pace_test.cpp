#include "source/script/remark_pace.hpp"

#include <doctest/doctest.h>

using namespace hostmeter::source;
using namespace hostmeter::source::script;

namespace {

using Lines = std::vector<std::string>;

struct Lab {
  Lines pass(const Lines& remarks) {
    std::vector<Remark> all;
    for (const std::string& what : remarks) all.push_back({true, what});
    Lines said;
    for (Remark& remark : pace.pass(std::move(all), now)) said.push_back(std::move(remark.what));
    return said;
  }

  std::uint64_t now = 5'000;
  RemarkPace pace{2, 100};
};

}  // namespace

TEST_CASE("a few at once are said, then one now and then, and how many were not") {
  Lab lab;
  CHECK(lab.pass({"a", "b", "c", "d"}) == Lines{"a", "b"});
  lab.now += 99;
  CHECK(lab.pass({"e"}).empty());
  CHECK(lab.pass({}).empty());
  lab.now += 1;
  CHECK(lab.pass({"f"}) ==
        Lines{"f (held back before it, for there was too much to say: 3 remarks)"});
  CHECK(lab.pass({"g", "h"}).empty());
  lab.now += 100;
  // How it stands is said, though nothing changes any more.
  CHECK(lab.pass({}) == Lines{"h (held back before it, for there was too much to say: 1 remark)"});
  lab.now += 100;
  CHECK(lab.pass({}).empty());
}

TEST_CASE("who was silent for long may say no more at once than before") {
  Lab lab;
  lab.pass({"a", "b"});
  lab.now += 1'000'000;
  CHECK(lab.pass({"c", "d", "e"}) == Lines{"c", "d"});
}
