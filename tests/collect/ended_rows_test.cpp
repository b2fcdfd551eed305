#include "collect/ended_rows.hpp"

#include <doctest/doctest.h>

#include "collect/all.hpp"
#include "support/named_series.hpp"

using namespace hostmeter;
using collect::bit;
using collect::EndedRows;

namespace {

constexpr std::uint64_t kHour = 3'600'000'000'000;

struct Lab {
  test::NamedSeries series;
  collect::Bindings bindings{collect::all(), series};
  InstanceIds ids{15};

  std::string images(const std::string& labels) const {
    return series.value("hostmeter_ended_containers_total " + labels);
  }
  std::string pods(const std::string& labels) const {
    return series.value("hostmeter_pod_ended_containers_total " + labels);
  }
};

}  // namespace

TEST_CASE("a row is there at 0 before anything is added to it, without what nobody knows") {
  Lab lab;
  EndedRows rows(lab.bindings, lab.ids, {});
  EndedRows::Row& row = rows.hold("nginx:1", "");
  CHECK(&rows.hold("nginx:1", "") == &row);
  rows.send<Ended>(1);
  CHECK(lab.images("nginx:1 ") == "0");
  CHECK(lab.series.value("hostmeter_ended_container_oom_kills_total nginx:1 ") == "unbound");
  rows.know(row, bit(Ended::oom_kills));
  rows.add(row, Ended::containers, 2);
  rows.send<Ended>(2);
  CHECK(lab.images("nginx:1 ") == "2");
  CHECK(lab.series.value("hostmeter_ended_container_oom_kills_total nginx:1 ") == "0");
}

TEST_CASE("labels that would read the same when joined are rows of their own") {
  Lab lab;
  EndedRows rows(lab.bindings, lab.ids, {});
  CHECK(&rows.hold("a", "bc") != &rows.hold("ab", "c"));
}

TEST_CASE("what there is no room for is added up, and a label that is absent stays absent") {
  Lab lab;
  EndedRows rows(lab.bindings, lab.ids, {.max_rows = 2});
  rows.add(rows.hold("a", ""), Ended::containers, 1);
  rows.add(rows.hold("b", ""), Ended::containers, 1);
  rows.add(rows.hold("c", ""), Ended::containers, 1);
  rows.add(rows.hold("d", ""), Ended::containers, 1);
  rows.add(rows.hold("e", "shop"), Ended::containers, 1);
  rows.add(rows.hold("a", ""), Ended::containers, 1);
  rows.send<Ended>(1);
  CHECK(lab.images("a ") == "2");
  CHECK(lab.images("b ") == "1");
  CHECK(lab.images("overflow ") == "2");
  CHECK(lab.images("overflow overflow") == "1");
  CHECK(rows.size() == 4);
}

TEST_CASE("a lasting row goes only when it is empty and nobody holds it") {
  Lab lab;
  EndedRows rows(lab.bindings, lab.ids, {.max_rows = 2});
  rows.add(rows.hold("full", ""), Ended::containers, 1);
  EndedRows::Row& empty = rows.hold("empty", "");
  rows.send<Ended>(1);
  EndedRows::Row& beyond = rows.hold("x", "");
  CHECK(beyond.labels[0] == "overflow");
  rows.release(beyond);
  CHECK(rows.size() == 2);
  rows.release(empty);
  CHECK(lab.images("empty ") == "unbound");
  rows.send<Ended>(100 * kHour);
  CHECK(rows.hold("y", "").labels[0] == "y");
  CHECK(rows.hold("z", "").labels[0] == "overflow");
  rows.send<Ended>(101 * kHour);
  CHECK(lab.images("empty ") == "unbound");
  CHECK(lab.images("full ") == "1");
  CHECK(lab.images("y ") == "0");
}

TEST_CASE("rows of pods are dropped when they are idle, and sooner for want of room") {
  Lab lab;
  EndedRows rows(lab.bindings, lab.ids, {.max_rows = 2, .idle_ns = kHour});
  const auto end_one = [&](const char* pod) {
    EndedRows::Row& row = rows.hold("shop", pod);
    rows.add(row, Ended::containers, 1);
    rows.release(row);
  };
  end_one("a");
  EndedRows::Row& held = rows.hold("shop", "b");
  rows.add(held, Ended::containers, 1);
  rows.send<EndedInPod>(1);
  end_one("c");  // a may not have been seen by everybody yet
  rows.send<EndedInPod>(EndedRows::kLeastIdleNs + 1);
  CHECK(lab.pods("overflow overflow") == "1");
  end_one("d");
  rows.send<EndedInPod>(EndedRows::kLeastIdleNs + 2);
  CHECK(lab.pods("shop a") == "unbound");
  CHECK(lab.pods("shop d") == "1");
  rows.send<EndedInPod>(3 * kHour);
  CHECK(lab.pods("shop d") == "unbound");
  CHECK(lab.pods("shop b") == "1");
  end_one("d");  // a counter that begins anew
  rows.send<EndedInPod>(3 * kHour + 1);
  CHECK(lab.pods("shop d") == "1");
}
