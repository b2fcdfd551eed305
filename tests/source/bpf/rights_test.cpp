#include "source/bpf/rights.hpp"

#include <doctest/doctest.h>

#include <thread>

using namespace hostmeter;
using namespace hostmeter::source::bpf;

TEST_CASE("rights for using a descriptor are raised only after the kernel asked for them") {
  UseRights rights;
  int calls = 0;
  CHECK(rights.run([&] { return ++calls, 0; }) == 0);
  CHECK(calls == 1);
  CHECK(rights.run([&] { return ++calls, -ENOENT; }) == -ENOENT);
  CHECK(calls == 2);
  CHECK_FALSE(rights.needed());

  CHECK(rights.run([&] { return ++calls, calls == 3 ? -EPERM : 0; }) == 0);
  CHECK(calls == 4);
  CHECK(rights.needed());
  CHECK(rights.run([&] { return ++calls, -EPERM; }) == -EPERM);
  CHECK(calls == 5);
}

TEST_CASE("the call runs with the right, what comes after it without") {
  if (!base::may(kUseRights)) {
    MESSAGE("SKIPPED: needs CAP_BPF or CAP_SYS_ADMIN to be permitted");
    return;
  }
  std::thread([] {  // capabilities are a thread's own
    REQUIRE_FALSE(base::lower_all());
    const auto wanted = *base::substitute(kUseRights, base::capabilities()->permitted);
    UseRights rights;
    rights.run([&] { return base::capabilities()->effective.has(wanted) ? 0 : -EPERM; });
    CHECK(rights.needed());
    CHECK(rights.run([&] { return base::capabilities()->effective.has(wanted) ? 0 : -EPERM; }) ==
          0);
    CHECK(base::capabilities()->effective == base::CapabilitySet{});
  })
      .join();
}
