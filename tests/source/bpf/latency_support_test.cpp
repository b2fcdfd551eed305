#include "source/bpf/latency_support.hpp"

#include <doctest/doctest.h>

#include "base/capabilities.hpp"
#include "source/bpf/kernel_types.hpp"
#include "source/bpf/rights.hpp"
#include "support/made_up_host.hpp"

using namespace hostmeter;
using namespace hostmeter::source::bpf;

TEST_CASE("a kernel that notes no waits is found out before anything is loaded") {
  if (!KernelTypes::load() || !base::may(kLoadRights)) {
    MESSAGE("no BTF or no rights here: not tested");
    return;
  }
  const test::MadeUpHost noted("-- proc/self/schedstat --\n300 0 5\n");
  const test::MadeUpHost off("-- proc/self/schedstat --\n0 0 0\n");
  const test::MadeUpHost without("");
  CHECK_FALSE(run_queue_lacks(noted.host));
  for (const test::MadeUpHost* host : {&off, &without}) {
    const auto lacks = run_queue_lacks(host->host);
    REQUIRE(lacks);
    CHECK(lacks->code == ENOENT);
    CHECK(lacks->what.find("CONFIG_SCHED_INFO") != std::string_view::npos);
  }
}
