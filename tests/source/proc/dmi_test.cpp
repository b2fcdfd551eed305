#include "hostmeter/flow/facts/dmi.hpp"

#include <doctest/doctest.h>

#include "source/proc/reader_spec.hpp"
#include "support/captured.hpp"
#include "support/made_up_host.hpp"

using namespace hostmeter;

namespace hostmeter::source::proc {
extern const ReaderSpec dmi;
}

TEST_CASE("what the firmware tells is labelled, the rest is empty, and it is sent once") {
  test::MadeUpHost made_up(
      "-- sys/class/dmi/id/bios_date --\n04/01/2024\n"
      "-- sys/class/dmi/id/product_name --\nServer One \n"
      "-- sys/class/dmi/id/sys_vendor --\nACME\n");
  const auto reader = source::proc::dmi.make(made_up.host, {});
  test::Captured out;
  reader->read({}, out);
  REQUIRE(out.news.size() == 1);
  const auto& named = std::get<NamedInstance>(out.news[0]);
  REQUIRE(named.values.size() == 19);
  CHECK(named.values[0] == "04/01/2024");
  CHECK(named.values[1].empty());
  CHECK(named.values[13] == "Server One");
  CHECK(named.values[18] == "ACME");
  CHECK(out.value(DmiInfo::info, kHost, named.instance) == 1);

  const Instance instance = named.instance;
  out.clear();
  reader->read({.number = 2}, out);
  CHECK(out.records.empty());
  reader->read({.number = 3, .resend = true}, out);
  CHECK(out.value(DmiInfo::info, kHost, instance) == 1);
  CHECK(out.news.empty());
}

TEST_CASE("a machine without firmware tables is no error") {
  test::MadeUpHost made_up("");
  const auto reader = source::proc::dmi.make(made_up.host, {});
  test::Captured out;
  reader->read({}, out);
  CHECK(out.records.empty());
  CHECK(reader->read_errors() == 0);
}
