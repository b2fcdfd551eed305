#include "source/net/netns_view.hpp"

#include <doctest/doctest.h>

#include "source/net/cgroup_network.hpp"
#include "support/captured.hpp"
#include "support/fake_containers.hpp"
#include "support/made_up_host.hpp"

using namespace hostmeter;
using namespace hostmeter::source::net;

namespace {

constexpr std::string_view kTree =
    "-- proc/1/ns/net -> net:[11] --\n"
    "-- proc/7/ns/net -> net:[77] --\n"
    "-- proc/8/ns/net -> net:[88] --\n"
    "-- proc/9/ns/net -> net:[11] --\n"
    "-- proc/7/net/dev --\n"
    "Inter-|\n"
    " face |\n"
    "    lo: 1 1 0 0 0 0 0 0 1 1 0 0 0 0 0 0\n"
    "  eth0: 100 2 3 4 0 0 0 0 500 6 7 8 0 0 0 0\n"
    "-- proc/8/net/dev --\n"
    "Inter-|\n"
    " face |\n"
    "    lo: 1 1 0 0 0 0 0 0 1 1 0 0 0 0 0 0\n"
    " tunl0: 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0";

struct Recorded {
  test::MadeUpHost made_up{kTree};
  test::FakeContainers fake;
  HostLinks links{made_up.host, {}};
  CgroupNetworkReader reader{made_up.host, links, fake, {}};
  test::Captured out;
  std::uint64_t number = 0;
  void tick() { reader.read({.number = ++number}, out); }
};

}  // namespace

TEST_CASE("a recorded host tells of its containers by files") {
  Recorded recorded;
  const Subject own = recorded.fake.add(7), bare = recorded.fake.add(8),
                on_host = recorded.fake.add(9), vanished = recorded.fake.add(10);
  recorded.tick();
  CHECK(recorded.reader.mode() == source::Mode::file);
  const Instance eth0 = recorded.out.instance("eth0", own);
  REQUIRE(eth0 != 0);
  CHECK(recorded.out.value(CgroupNetwork::receive_bytes, own, eth0) == 100U);
  CHECK(recorded.out.value(CgroupNetwork::transmit_bytes, own, eth0) == 500U);
  CHECK(recorded.out.value(CgroupNetwork::receive_errors, own, eth0) == 3U);
  CHECK(recorded.out.value(CgroupNetwork::transmit_dropped, own, eth0) == 8U);
  CHECK(recorded.out.instance("lo", own) == 0);
  CHECK(recorded.out.value(CgroupNetworkMode::own, own) == 1U);
  CHECK(recorded.out.value(CgroupNetworkMode::shared, own) == 0U);
  CHECK(recorded.out.value(CgroupNetworkMode::none, bare) == 1U);
  CHECK(recorded.out.value(CgroupNetworkMode::host, on_host) == 1U);
  CHECK_FALSE(recorded.out.value(CgroupNetworkMode::own, vanished));
  CHECK(recorded.reader.read_errors() == 0);
}

TEST_CASE("a damaged file takes a container's figures back and counts") {
  Recorded recorded;
  const Subject own = recorded.fake.add(7);
  recorded.tick();
  const Instance eth0 = recorded.out.instance("eth0", own);
  recorded.made_up.tree.write("proc/7/net/dev", "Inter-|\n face |\n lo: x\n");
  recorded.tick();
  CHECK_FALSE(recorded.out.value(CgroupNetwork::receive_bytes, own, eth0));
  CHECK(recorded.reader.parse_errors() == 1);
}

TEST_CASE("a number that belongs to another process by now is not believed") {
  test::MadeUpHost made_up{kTree};
  NetnsView view(78);
  CHECK(view.look_at_file(made_up.host, 7, {}).code == ESTALE);
  CHECK(view.interfaces().empty());
  CHECK_FALSE(view.looked());
}

TEST_CASE("without the host's netns nobody's can be told apart") {
  Recorded recorded;
  std::filesystem::remove(recorded.made_up.tree.root() / "proc/1/ns/net");
  const Subject own = recorded.fake.add(7);
  recorded.tick();
  CHECK(recorded.reader.mode() == source::Mode::off);
  CHECK(recorded.out.instance("eth0", own) == 0);
  CHECK_FALSE(recorded.out.value(CgroupNetworkMode::own, own));
}
