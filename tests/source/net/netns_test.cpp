#include "source/net/netns.hpp"

#include <doctest/doctest.h>

#include "support/made_up_host.hpp"

using namespace hostmeter;
using namespace hostmeter::source::net;

TEST_CASE("a netns is known by its inode") {
  CHECK(*parse_netns_link("net:[4026531840]") == 4026531840U);
  for (const char* target : {"", "net:[]", "net:[0]", "net:[-1]", "net:[12", "mnt:[12]", "net:12",
                             "net:[99999999999999999999]", "net:[12]x"}) {
    CAPTURE(target);
    CHECK_FALSE(parse_netns_link(target));
  }
}

TEST_CASE("in a recorded tree process 1 lives in the host's netns") {
  const test::MadeUpHost made_up(
      "-- proc/1/ns/net -> net:[11] --\n-- proc/7/ns/net -> net:[77] --\n");
  CHECK(*netns_of_host(made_up.host) == 11);
  CHECK(*netns_of_process(made_up.host.proc, 7) == 77);
  CHECK(netns_of_process(made_up.host.proc, 8).error().code == ENOENT);
}
