#include "source/net/netdev.hpp"

#include <doctest/doctest.h>

#include "support/captured.hpp"
#include "support/made_up_host.hpp"

using namespace hostmeter;
using namespace hostmeter::source::net;

namespace {
constexpr std::string_view kTree =
    "-- proc/net/dev --\n"
    "Inter-|\n"
    " face |\n"
    "    lo: 1 1 0 0 0 0 0 0 1 1 0 0 0 0 0 0\n"
    "  eth0: 100 2 3 4 0 0 0 0 500 6 7 8 0 0 0 0";
}

TEST_CASE("a recorded host's devices are those of its file") {
  test::MadeUpHost made_up(kTree);
  HostLinks links(made_up.host, {});
  NetdevReader reader(made_up.host, links, {});
  test::Captured out;
  reader.read({.number = 1}, out);
  CHECK(reader.mode() == source::Mode::file);
  const Instance eth0 = out.instance("eth0");
  REQUIRE(eth0 != 0);
  CHECK(out.value(Netdev::receive_bytes, kHost, eth0) == 100U);
  CHECK(out.value(Netdev::transmit_dropped, kHost, eth0) == 8U);
  CHECK_FALSE(out.value(Netdev::receive_nohandler, kHost, eth0));
  CHECK(out.instance("lo") != 0);
}

TEST_CASE("devices can be left out") {
  test::MadeUpHost made_up(kTree);
  const Options options{.host_interfaces = {{}, {"lo"}}};
  HostLinks links(made_up.host, options);
  NetdevReader reader(made_up.host, links, options);
  test::Captured out;
  reader.read({.number = 1}, out);
  CHECK(out.instance("eth0") != 0);
  CHECK(out.instance("lo") == 0);
}

TEST_CASE("a damaged file takes the devices back and counts, a missing one does not count") {
  test::MadeUpHost made_up(kTree);
  HostLinks links(made_up.host, {});
  NetdevReader reader(made_up.host, links, {});
  test::Captured out;
  reader.read({.number = 1}, out);
  made_up.tree.write("proc/net/dev", "Inter-|\n face |\nlo: 1 2 x\n");
  out.clear();
  reader.read({.number = 2}, out);
  CHECK(out.records.empty());
  CHECK(out.news.size() == 2);
  CHECK(reader.parse_errors() == 1);
  CHECK(reader.mode() == source::Mode::off);
  std::filesystem::remove(made_up.tree.root() / "proc/net/dev");
  reader.read({.number = 3}, out);
  CHECK(reader.parse_errors() == 1);
  CHECK(reader.read_errors() == 0);
}
