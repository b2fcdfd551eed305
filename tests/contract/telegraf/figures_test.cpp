#include "contract/telegraf/figures.hpp"

#include <doctest/doctest.h>

#include <bit>
#include <cmath>

using namespace hostmeter;
using namespace hostmeter::contract::telegraf;

namespace {

store::Snapshot snapshot(std::vector<std::uint64_t> values) {
  store::Snapshot made;
  static std::uint64_t sequence = 0;
  made.sequence = ++sequence;
  made.realtime_ns = 100;
  made.present.assign(values.size(), 1);
  made.values = std::move(values);
  return made;
}

}  // namespace

TEST_CASE("sums of series, and what is absent") {
  Figures figures;
  const Sum total = figures.sum({Term{.series = 0}, Term{.series = 1, .scale = -2}});
  const Sum real = figures.sum({Term{.series = 2, .is_real = true}});
  const Sum zero = figures.sum({Term{.series = 3, .or_zero = true}, Term{.series = 0}});
  const Sum none = figures.sum({Term{}, Term{.series = 0}});
  const Sum now = figures.sum({Term{.series = Term::kNow, .scale = 2}, Term{.series = Term::kOne}});
  CHECK(none == kNoSum);
  auto s = snapshot({10, 3, std::bit_cast<std::uint64_t>(0.5), 7});
  s.present[3] = 0;
  figures.gather(s);
  CHECK(figures.value({.a = total}) == 4);
  CHECK(figures.value({.a = real}) == 0.5);
  CHECK(figures.value({.a = zero}) == 10);
  CHECK(figures.value({.a = now}) == 201);
  CHECK(std::isnan(figures.value({.a = kNoSum})));
  s.present[1] = 0;
  figures.gather(s);
  CHECK(std::isnan(figures.value({.a = total})));
}

TEST_CASE("a sum is shared, and read anew in each snapshot") {
  const auto shared =
      std::make_shared<SharedSum>(std::vector{Term{.series = 0}, Term{.series = 1}});
  Figures one, other;
  for (Figures* figures : {&one, &other}) {
    figures->share(shared);
    figures->sum({Term{.series = Term::kShared}});
  }
  const auto s = snapshot({1, 2});
  one.gather(s);
  other.gather(s);
  CHECK(one.value({.a = 0}) == 3);
  CHECK(other.value({.a = 0}) == 3);
  other.gather(snapshot({4, 5}));
  CHECK(other.value({.a = 0}) == 9);
}

TEST_CASE("values of one gather") {
  Figures figures;
  const Sum a = figures.sum({Term{.series = 0}}), b = figures.sum({Term{.series = 1}}),
            c = figures.sum({Term{.series = 2}});
  const auto of = [&](How how, double scale = 1) {
    return figures.value({.how = how, .a = a, .b = b, .c = c, .scale = scale});
  };
  figures.gather(snapshot({30, 120, 200}));
  CHECK(of(How::ratio, 100) == 25);
  CHECK(of(How::nonzero) == 30);
  CHECK(of(How::ran_for) == 80);  // it ended before it began: it runs
  figures.gather(snapshot({150, 120, 200}));
  CHECK(of(How::ran_for) == 30);
  figures.gather(snapshot({0, 0, 200}));
  CHECK(of(How::ratio, 100) == 0);
  CHECK(std::isnan(of(How::nonzero)));
  auto absent = snapshot({0, 120, 200});
  absent.present[0] = 0;
  figures.gather(absent);
  CHECK(of(How::or_scale, -1) == -1);
  CHECK(of(How::ran_for) == 80);
  CHECK(std::isnan(of(How::ratio)));
}

TEST_CASE("another figure stands where one is 0, alone or in a share") {
  Figures figures;
  const Sum part = figures.sum({Term{.series = 0}}), all = figures.sum({Term{.series = 1}}),
            limit = figures.sum({Term{.series = 2}});
  const Formula one{.how = How::or_other, .a = part, .b = all},
      share{.how = How::ratio, .a = part, .b = limit, .c = all, .scale = 100};
  figures.gather(snapshot({30, 50, 200}));
  CHECK(figures.value(one) == 30);
  CHECK(figures.value(share) == 15);
  figures.gather(snapshot({0, 50, 200}));
  CHECK(figures.value(one) == 50);
  CHECK(figures.value(share) == 25);
  CHECK(figures.value({.how = How::ratio, .a = part, .b = limit, .scale = 100}) == 0);
}

TEST_CASE("what grew since the last gather, and since a second ago") {
  Figures figures;
  const Sum a = figures.sum({Term{.series = 0}}), b = figures.sum({Term{.series = 1}});
  const Formula rate{.how = How::rate, .a = a, .b = b, .scale = 100};
  const Formula recent{.how = How::recent, .a = a, .b = b, .scale = 100};
  figures.follow(rate);
  figures.follow({.how = How::scaled, .a = a});
  figures.gather(snapshot({10, 100}));
  CHECK(std::isnan(figures.value(rate)));
  CHECK(std::isnan(figures.value(recent)));
  figures.remember(snapshot({15, 130}));
  figures.gather(snapshot({20, 140}));
  CHECK(figures.value(rate) == 25);
  CHECK(figures.value(recent) == 50);
  figures.gather(snapshot({22, 150}));
  CHECK(figures.value(recent) == 20);  // nobody remembered anything since
  figures.gather(snapshot({22, 150}));
  CHECK(std::isnan(figures.value(rate)));
  CHECK(std::isnan(figures.value(recent)));
  figures.gather(snapshot({2, 160}));
  CHECK(figures.value(recent) == 0);
  CHECK(std::isnan(figures.value(rate)));  // it began anew
}

TEST_CASE("what is remembered goes over to other figures of the same series") {
  Figures old, fresh;
  old.sum({Term{.series = 0}});
  old.sum({Term{.series = 1}});
  const Sum b = fresh.sum({Term{.series = 1}}), none = fresh.sum({Term{.series = 2}}),
            a = fresh.sum({Term{.series = 0}});
  old.follow({.how = How::rate, .a = 0, .b = 1});
  fresh.follow({.how = How::rate, .a = a, .b = b});
  old.gather(snapshot({1, 10, 0}));
  old.remember(snapshot({2, 20, 0}));
  fresh.inherit(old);
  fresh.gather(snapshot({3, 30, 0}));
  CHECK(fresh.value({.how = How::rate, .a = a, .b = b, .scale = 10}) == 1);
  CHECK(fresh.value({.how = How::recent, .a = a, .b = b, .scale = 10}) == 1);
  CHECK(std::isnan(fresh.value({.how = How::recent, .a = none, .b = b})));
}

TEST_CASE("figures of other series are others") {
  const auto hash = [](Term term) {
    Figures figures;
    figures.sum({term});
    return figures.hash(1);
  };
  CHECK(hash({.series = 1}) == hash({.series = 1}));
  CHECK(hash({.series = 1}) != hash({.series = 2}));
  CHECK(hash({.series = 1}) != hash({.series = 1, .scale = 2}));
}

TEST_CASE("what is a mere copy of a series is known, and what nobody wants is not read") {
  Figures figures;
  const Sum plain = figures.sum({Term{.series = 0}}),
            zero = figures.sum({Term{.series = 1, .or_zero = true}}),
            two = figures.sum({Term{.series = 0}, Term{.series = 1}});
  REQUIRE(figures.copied({.a = plain}));
  CHECK(figures.copied({.a = plain})->series == 0);
  CHECK(figures.copied({.a = zero})->or_zero);
  for (const Term& more : {Term{.series = 0, .is_real = true}, Term{.series = 0}.times(2),
                           Term{.series = 0}.over(2), Term{.series = Term::kNow}})
    CHECK_FALSE(figures.copied({.a = figures.sum({more})}));
  CHECK_FALSE(figures.copied({.a = two}));
  CHECK_FALSE(figures.copied({.a = kNoSum}));
  CHECK_FALSE(figures.copied({.how = How::nonzero, .a = plain}));
  CHECK_FALSE(figures.copied({.a = plain, .scale = 2}));
  const Formula wanted{.how = How::ratio, .a = two, .b = zero};
  figures.want({&wanted, 1});
  figures.gather(snapshot({6, 3}));
  CHECK(figures.value(wanted) == 3);
  CHECK(std::isnan(figures.value({.a = plain})));
}
