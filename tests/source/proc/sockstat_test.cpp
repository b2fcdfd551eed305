#include "source/proc/sockstat.hpp"

#include <doctest/doctest.h>

#include "source/proc/reader_spec.hpp"
#include "support/captured.hpp"
#include "support/made_up_host.hpp"

using namespace hostmeter;

namespace hostmeter::source::proc {
extern const ReaderSpec sockstat;
}

using source::proc::parse_sockstat;

TEST_CASE("sockets by protocol, buffers in pages and in bytes") {
  const auto facts = parse_sockstat(
      "sockets: used 16\nTCP: inuse 1 orphan 2 tw 3 alloc 4 mem 5\nUDP: inuse 6 mem 7\n"
      "UDPLITE: inuse 8\nRAW: inuse 9\nFRAG: inuse 10 memory 11\nSMC: inuse 12\n",
      4096, {});
  REQUIRE(facts);
  CHECK(facts->get(Sockstat::sockets_used) == 16);
  CHECK(facts->get(Sockstat::tcp_inuse) == 1);
  CHECK(facts->get(Sockstat::tcp_alloc) == 4);
  CHECK(facts->get(Sockstat::tcp_mem) == 5);
  CHECK(facts->get(Sockstat::tcp_mem_bytes) == 5 * 4096);
  CHECK(facts->get(Sockstat::udp_mem_bytes) == 7 * 4096);
  CHECK(facts->get(Sockstat::udp_lite_inuse) == 8);
  CHECK(facts->get(Sockstat::frag_memory) == 11);
  CHECK_FALSE(facts->get(Sockstat::tcp6_inuse));
}

TEST_CASE("damaged socket counts are refused") {
  for (const char* text : {"", "TCP: inuse\n", "TCP: inuse -1\n", "TCP: inuse 1 mem x\n",
                           "TCP: mem 18446744073709551615\n"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_sockstat(text, 4096, {}));
  }
}

TEST_CASE("sockets of both families; without IPv6 its own are absent") {
  test::MadeUpHost made_up("-- proc/net/sockstat --\nTCP: inuse 1\n");
  const auto reader = source::proc::sockstat.make(made_up.host, {});
  test::Captured out;
  reader->read({}, out);
  CHECK(out.value(Sockstat::tcp_inuse) == 1);
  CHECK_FALSE(out.value(Sockstat::tcp6_inuse));
  CHECK(reader->read_errors() == 0);

  made_up.tree.write("proc/net/sockstat6", "TCP6: inuse 2\nFRAG6: inuse 0 memory 3\n");
  const auto again = source::proc::sockstat.make(made_up.host, {});
  again->read({}, out);
  CHECK(out.value(Sockstat::tcp6_inuse) == 2);
  CHECK(out.value(Sockstat::frag6_memory) == 3);
}
