#include "source/surroundings.hpp"

#include <doctest/doctest.h>

#include "support/made_up_host.hpp"

using namespace hostmeter;
using source::Namespaces;

namespace {
const Namespaces kOnTheHost{"pid:[4026531836]", "net:[4026531840]", "cgroup:[4026531835]",
                            "pid:[4026531836]", "net:[4026531840]", "cgroup:[4026531835]"};
}

TEST_CASE("on the host nothing is hidden") {
  CHECK(source::blind_spots(kOnTheHost).empty());
  CHECK_FALSE(source::is_other_network(kOnTheHost));
}

TEST_CASE("in a plain container everything is, and each has its mend") {
  Namespaces seen = kOnTheHost;
  seen.own_pid = seen.host_pid = "pid:[4026532200]";
  seen.own_cgroup = seen.host_cgroup = "cgroup:[4026532201]";
  const auto blind = source::blind_spots(seen);
  REQUIRE(blind.size() == 2);
  CHECK(blind[0].mend.find("--pid=host") != std::string::npos);
  CHECK(blind[1].mend.find("--cgroupns=host") != std::string::npos);
}

TEST_CASE(
    "with the host mounted and a network of our own only the network is said to be elsewhere") {
  Namespaces seen = kOnTheHost;
  seen.own_net = "net:[4026532300]";
  seen.own_pid = "pid:[4026532200]";
  CHECK(source::is_other_network(seen));
  CHECK(source::blind_spots(seen).size() == 1);
}

TEST_CASE("without the right to look at process 1 that is said") {
  const test::MadeUpHost made_up("-- proc/self/ns/pid -> pid:[4026531836] --\n");
  const auto seen = source::namespaces(made_up.host.proc, made_up.host);
  CHECK(seen.own_pid == "pid:[4026531836]");
  CHECK(source::network_of_host(seen) == source::Network::unknown);
  const auto blind = source::blind_spots(seen);
  REQUIRE(blind.size() == 2);
  CHECK(blind[1].what.find("may be that of a network namespace of our own") != std::string::npos);
}

TEST_CASE("where namespaces cannot be read the files of a network tell it from another") {
  const test::MadeUpHost made_up(
      "-- proc/self/ns/net -> net:[4026531840] --\n"
      "-- proc/self/net/dev --\n-- proc/1/net/dev --\n");
  const auto apart = source::namespaces(made_up.host.proc, made_up.host);
  CHECK(apart.host_net.empty());
  CHECK(source::is_other_network(apart));
  CHECK(source::blind_spots(apart).size() == 2);

  const auto proc = made_up.tree.root() / "proc";
  std::filesystem::remove(proc / "1/net/dev");
  std::filesystem::create_hard_link(proc / "self/net/dev", proc / "1/net/dev");
  const auto same = source::namespaces(made_up.host.proc, made_up.host);
  CHECK(source::network_of_host(same) == source::Network::ours);
}

TEST_CASE("the kernel numbers the files of each network apart") {
  const auto proc = base::Dir::open("/proc");
  source::Host host;
  host.proc = std::move(*base::Dir::open("/proc"));
  const auto seen = source::namespaces(*proc, host);
  CHECK(seen.own_net_file != 0);
  if (!seen.host_net.empty() && !seen.own_net.empty() && seen.host_net_file != 0)
    CHECK((seen.own_net == seen.host_net) == (seen.own_net_file == seen.host_net_file));
}
