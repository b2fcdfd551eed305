#include "source/proc/softnet.hpp"

#include <doctest/doctest.h>

#include "source/proc/reader_spec.hpp"
#include "support/captured.hpp"
#include "support/made_up_host.hpp"

using namespace hostmeter;

namespace hostmeter::source::proc {
extern const ReaderSpec softnet;
}

using source::proc::parse_softnet_line;

TEST_CASE("columns of a new kernel") {
  const auto line = parse_softnet_line(
      "0000086f 00000001 00000002 00000000 00000000 00000000 00000000 00000000 00000003 00000004 "
      "00000005 00000006 0000000b 00000000 00000000");
  REQUIRE(line);
  CHECK(line->facts.get(Softnet::processed) == 0x86f);
  CHECK(line->facts.get(Softnet::dropped) == 1);
  CHECK(line->facts.get(Softnet::times_squeezed) == 2);
  CHECK(line->facts.get(Softnet::cpu_collision) == 3);
  CHECK(line->facts.get(Softnet::received_rps) == 4);
  CHECK(line->facts.get(Softnet::flow_limit_count) == 5);
  CHECK(line->facts.get(Softnet::backlog_len) == 6);
  CHECK(line->cpu == 11);
}

TEST_CASE("columns that an old kernel lacks are absent") {
  const auto line = parse_softnet_line("1 0 0 0 0 0 0 0 0 7 8");
  REQUIRE(line);
  CHECK(line->facts.get(Softnet::flow_limit_count) == 8);
  CHECK_FALSE(line->facts.get(Softnet::backlog_len));
  CHECK_FALSE(line->cpu);
}

TEST_CASE("a line that is not softnet's is refused") {
  for (const char* text : {"", "1 2 3 4 5 6 7 8", "1 2 3 4 5 6 7 8 -9", "1 2 3 4 5 6 7 8 0x9",
                           "1 2 3 4 5 6 7 8 11112222333344445", "g 2 3 4 5 6 7 8 9"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_softnet_line(text));
  }
}

TEST_CASE("CPUs have the number the kernel says, else that of their line") {
  test::MadeUpHost made_up(
      "-- proc/net/softnet_stat --\n1 0 0 0 0 0 0 0 0 0 0 0 0\n2 0 0 0 0 0 0 0 0 0 0 0 3\n");
  const auto reader = source::proc::softnet.make(made_up.host, {});
  test::Captured out;
  reader->read({}, out);
  CHECK(out.value(Softnet::processed, kHost, out.instance("0")) == 1);
  CHECK(out.value(Softnet::processed, kHost, out.instance("3")) == 2);

  made_up.tree.write("proc/net/softnet_stat", "1 0 0 0 0 0 0 0 0\nzz\n5 0 0 0 0 0 0 0 0\n");
  out.clear();
  reader->read({}, out);
  CHECK(out.value(Softnet::processed, kHost, out.instance("2")) == 5);
  CHECK(reader->parse_errors() == 1);
  const auto* gone = std::get_if<GoneInstance>(&out.news.back());
  CHECK(gone != nullptr);
}

TEST_CASE("softnet is read where the host's network is") {
  test::MadeUpHost made_up("-- proc/1/net/softnet_stat --\n9 0 0 0 0 0 0 0 0\n");
  made_up.host.net = "1/net";
  const auto reader = source::proc::softnet.make(made_up.host, {});
  test::Captured out;
  reader->read({}, out);
  CHECK(out.value(Softnet::processed, kHost, out.instance("0")) == 9);
}
