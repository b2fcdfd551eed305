#include "collect/admission.hpp"

#include <doctest/doctest.h>

#include "collect/all.hpp"
#include "support/named_series.hpp"

using namespace hostmeter;
using collect::Admission;
using Verdict = Admission::Verdict;

namespace {

const Identity kBox{.kind = CgroupKind::container, .runtime = Runtime::docker};
const Identity kSlice{.kind = CgroupKind::slice, .runtime = Runtime::systemd};

struct Lab {
  test::NamedSeries series;
  collect::Bindings bindings{collect::all(), series};
  InstanceIds ids{15};
  Admission admission{2};

  std::string value(const std::string& name) {
    admission.report(bindings, ids, 7, 9);
    return series.value("hostmeter_" + name);
  }
};

}  // namespace

TEST_CASE("who is in stays in for life, and so does who is not") {
  Lab lab;
  CHECK(lab.admission.born({2, 1}, kBox, true) == Verdict::shown);
  CHECK(lab.admission.born({3, 1}, kBox, true) == Verdict::shown);
  CHECK(lab.admission.born({4, 1}, kBox, true) == Verdict::summed);
  lab.admission.forget({2, 1});
  CHECK(lab.admission.of({4, 1}) == Verdict::summed);
  CHECK(lab.admission.of({3, 1}) == Verdict::shown);
  CHECK(lab.admission.born({2, 2}, kBox, true) == Verdict::shown);
  CHECK(lab.admission.born({5, 1}, kBox, true) == Verdict::summed);
  lab.admission.forget({4, 1});  // it had no room that another could take
  CHECK(lab.admission.born({4, 2}, kBox, true) == Verdict::summed);
  CHECK(lab.value("containers_shown") == "2");
  CHECK(lab.value("containers_overflow") == "7");
  CHECK(lab.value("containers_overflowed_total") == "3");
  CHECK(lab.value("overflow_records_refused_total") == "9");
  CHECK(lab.value("containers_seen_total docker") == "6");
}

TEST_CASE("who is excluded leaves room, and needs some to come back") {
  Lab lab;
  const Subject ci{2, 1}, web{3, 1}, db{4, 1};
  CHECK(lab.admission.born(ci, kBox, true) == Verdict::shown);
  CHECK(lab.admission.born(web, kBox, true) == Verdict::shown);
  lab.admission.exclude(ci);
  lab.admission.exclude(ci);
  CHECK(lab.admission.of(ci) == Verdict::excluded);
  CHECK(lab.value("containers_shown") == "1");
  CHECK(lab.admission.born(db, kBox, true) == Verdict::shown);
  CHECK(lab.admission.include(ci, true) == Verdict::summed);
  CHECK(lab.value("containers_shown") == "2");
  lab.admission.exclude(ci);  // who is added up stays so
  CHECK(lab.admission.include(ci, true) == Verdict::summed);
  lab.admission.exclude(db);
  lab.admission.forget(db);
  CHECK(lab.value("containers_shown") == "1");
  lab.admission.exclude({3, 7});  // another life's
  CHECK(lab.admission.include(web, true) == Verdict::shown);
  CHECK(lab.value("containers_shown") == "1");
}

TEST_CASE("what contains others is never added up, and takes no container's room") {
  Lab lab;
  CHECK(lab.admission.born({2, 1}, kSlice, true) == Verdict::shown);
  CHECK(lab.admission.born({3, 1}, kSlice, true) == Verdict::shown);
  CHECK(lab.admission.born({4, 1}, kSlice, true) == Verdict::shown);
  CHECK(lab.admission.born({5, 1}, kSlice, false) == Verdict::hidden);
  CHECK(lab.admission.born({6, 1}, kBox, false) == Verdict::summed);
  CHECK(lab.value("cgroups_hidden") == "1");
  lab.admission.forget({5, 1});
  CHECK(lab.value("cgroups_hidden") == "0");
  CHECK(lab.value("containers_shown") == "0");
}

TEST_CASE("a verdict is of one incarnation, and given back once") {
  Lab lab;
  lab.admission.born({2, 1}, kBox, true);
  lab.admission.forget({2, 1});
  lab.admission.forget({2, 1});
  lab.admission.born({3, 1}, kBox, true);
  lab.admission.born({3, 2}, kBox, true);  // without a word of the first one's end
  CHECK(lab.value("containers_shown") == "1");
  CHECK(lab.admission.of({3, 1}) == Verdict::shown);
  CHECK(lab.admission.of({999, 1}) == Verdict::shown);
}
