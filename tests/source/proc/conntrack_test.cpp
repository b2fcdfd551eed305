#include "source/proc/conntrack.hpp"

#include <doctest/doctest.h>

#include "source/proc/reader_spec.hpp"
#include "support/captured.hpp"
#include "support/made_up_host.hpp"

using namespace hostmeter;

namespace hostmeter::source::proc {
extern const ReaderSpec conntrack;
}

using source::proc::parse_conntrack_stat;

namespace {
constexpr std::string_view kStat =
    "entries  searched found new invalid ignore delete delete_list insert insert_failed drop "
    "early_drop icmp_error  expect_new expect_create expect_delete search_restart\n"
    "0000000a  00000000 00000001 00000000 00000002 00000003 00000000 00000000 00000004 00000005 "
    "00000006 00000007 00000000  00000000 00000000 00000000 00000008\n"
    "0000000a  00000000 00000010 00000000 000000f0 00000000 00000000 00000000 00000000 00000000 "
    "00000000 00000000 00000000  00000000 00000000 00000000 00000000\n";
}

TEST_CASE("events are summed over the CPUs, by the names of their columns") {
  const auto facts = parse_conntrack_stat(kStat);
  REQUIRE(facts);
  CHECK(facts->get(Conntrack::found) == 0x11);
  CHECK(facts->get(Conntrack::invalid) == 0xf2);
  CHECK(facts->get(Conntrack::ignored) == 3);
  CHECK(facts->get(Conntrack::insert) == 4);
  CHECK(facts->get(Conntrack::insert_failed) == 5);
  CHECK(facts->get(Conntrack::dropped) == 6);
  CHECK(facts->get(Conntrack::early_drop) == 7);
  CHECK(facts->get(Conntrack::search_restart) == 8);
  CHECK_FALSE(facts->get(Conntrack::entries));
}

TEST_CASE("a damaged conntrack statistic is refused") {
  for (const char* text : {"", "garbage\n", "found drop\n", "found drop\n1\n", "found drop\n1 -1\n",
                           "found\nffffffffffffffff\n1\n"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_conntrack_stat(text));
  }
}

TEST_CASE("a damaged statistic does not cost the table's counts") {
  test::MadeUpHost made_up(
      "-- proc/net/stat/nf_conntrack --\nrubbish\n"
      "-- proc/sys/net/netfilter/nf_conntrack_count --\n12\n"
      "-- proc/sys/net/netfilter/nf_conntrack_max --\n262144\n");
  const auto reader = source::proc::conntrack.make(made_up.host, {});
  test::Captured out;
  reader->read({}, out);
  CHECK(out.value(Conntrack::entries) == 12);
  CHECK(out.value(Conntrack::entries_limit) == 262144);
  CHECK_FALSE(out.value(Conntrack::found));
  CHECK(reader->parse_errors() == 1);
}

TEST_CASE("a host without connection tracking is no error") {
  test::MadeUpHost made_up("");
  const auto reader = source::proc::conntrack.make(made_up.host, {});
  test::Captured out;
  reader->read({}, out);
  CHECK_FALSE(out.value(Conntrack::entries));
  CHECK(reader->parse_errors() + reader->read_errors() == 0);
}

TEST_CASE("counts of our own network are not taken for those of the host's") {
  test::MadeUpHost made_up("-- proc/1/net/stat/nf_conntrack --\n" + std::string(kStat) +
                           "-- proc/sys/net/netfilter/nf_conntrack_count --\n12\n"
                           "-- proc/sys/net/netfilter/nf_conntrack_max --\n262144\n");
  made_up.host.net = "1/net";
  const auto reader = source::proc::conntrack.make(made_up.host, {});
  test::Captured out;
  reader->read({}, out);
  CHECK(out.value(Conntrack::found) == 0x11);
  CHECK_FALSE(out.value(Conntrack::entries));
  CHECK_FALSE(out.value(Conntrack::entries_limit));
}
