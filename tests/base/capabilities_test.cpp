#include "base/capabilities.hpp"

#include <doctest/doctest.h>

#include <cerrno>
#include <thread>

using namespace hostmeter;
using namespace hostmeter::base;

namespace {

// Capabilities belong to a thread: whatever a test gives up, only its own thread loses.
template <class Body>
void in_a_thread(Body body) {
  std::thread(body).join();
}

CapabilitySet effective() {
  return capabilities()->effective;
}

}  // namespace

TEST_CASE("capabilities are known by the names that capabilities(7) has") {
  CHECK(capability_called("CAP_CHOWN") == CAP_CHOWN);
  CHECK(capability_called("CAP_BPF") == CAP_BPF);
  for (const char* name : {"", "CAP_", "CAP_NOTHING", "NET_RAW", "cap_net_raw", "13"})
    CHECK_FALSE(capability_called(name));
}

TEST_CASE("CAP_SYS_ADMIN stands for what was parted from it") {
  const CapabilitySet load{CAP_BPF, CAP_PERFMON};
  CHECK(substitute(load, load) == load);
  CHECK(substitute(load, {CAP_SYS_ADMIN}) == CapabilitySet{CAP_SYS_ADMIN});
  CHECK(substitute(load, {CAP_BPF, CAP_SYS_ADMIN}) == CapabilitySet{CAP_BPF, CAP_SYS_ADMIN});
  CHECK_FALSE(substitute(load, {CAP_BPF}));
  CHECK_FALSE(substitute(load, {}));
}

TEST_CASE("capabilities are known by the names that capabilities(7) has") {
  CHECK(capability_called("CAP_CHOWN") == CAP_CHOWN);
  CHECK(capability_called("CAP_BPF") == CAP_BPF);
  for (const char* name : {"", "CAP_", "CAP_NOTHING", "NET_RAW", "cap_net_raw", "13"})
    CHECK_FALSE(capability_called(name));
}

TEST_CASE("CAP_SYS_ADMIN stands for nothing else") {
  CHECK_FALSE(substitute({CAP_NET_ADMIN}, {CAP_SYS_ADMIN}));
  CHECK_FALSE(substitute({CAP_BPF, CAP_NET_ADMIN}, {CAP_SYS_ADMIN}));
  CHECK(substitute({}, {}) == CapabilitySet{});
}

TEST_CASE("what is permitted is raised for a scope, within its thread") {
  const auto before = capabilities();
  REQUIRE(before);
  if (!before->permitted.has({CAP_SYS_ADMIN})) {
    MESSAGE("SKIPPED: needs CAP_SYS_ADMIN to be permitted");
    return;
  }
  in_a_thread([&] {
    CHECK_FALSE(lower_all());
    CHECK(effective() == CapabilitySet{});
    CHECK(capabilities()->permitted == before->permitted);
    CHECK(may({CAP_SYS_ADMIN}));
    {
      const Raised raised({CAP_SYS_ADMIN});
      CHECK(bool(raised));
      CHECK(effective() == CapabilitySet{CAP_SYS_ADMIN});
      const Raised again({CAP_SYS_ADMIN});
      CHECK(bool(again));
    }
    CHECK(effective() == CapabilitySet{});
  });
  CHECK(effective() == before->effective);
}

TEST_CASE("a locked thread gets nothing back but what it kept") {
  const auto before = capabilities();
  REQUIRE(before);
  in_a_thread([] {
    CHECK_FALSE(lock());
    CHECK(capabilities()->permitted == CapabilitySet{});
    CHECK_FALSE(may({CAP_SYS_ADMIN}));
    CHECK_FALSE(bool(Raised({CAP_SYS_ADMIN})));
    CHECK(bool(Raised({})));
  });
  if (!before->permitted.has({CAP_SYS_ADMIN, CAP_NET_ADMIN})) {
    MESSAGE("SKIPPED: needs CAP_SYS_ADMIN and CAP_NET_ADMIN to be permitted");
    return;
  }
  in_a_thread([] {
    CHECK_FALSE(lock({CAP_SYS_ADMIN}));
    CHECK(bool(Raised({CAP_SYS_ADMIN})));
    CHECK_FALSE(bool(Raised({CAP_NET_ADMIN})));
  });
}
