#include "app/rights.hpp"

#include <doctest/doctest.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include <array>
#include <cstddef>
#include <stdexcept>
#include <thread>

using namespace hostmeter;
using base::CapabilitySet;

namespace {

constexpr CapabilitySet kAll = CapabilitySet::from_bits((std::uint64_t{1} << 41) - 1);

config::Rights locked(std::vector<std::string> keep = {}) {
  return {.lock = true, .keep = std::move(keep)};
}

// From here on the calling thread may not ask what it has.
bool forbid_capget() {
  std::array<sock_filter, 4> code{{
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_capget, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  }};
  const sock_fprog program{.len = code.size(), .filter = code.data()};
  return ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
         ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

}  // namespace

TEST_CASE("a lock leaves nothing but what is named, if it was there") {
  CHECK(app::left_of(kAll, {}) == kAll);
  CHECK(app::left_of(kAll, {.lock = false, .keep = {"CAP_BPF"}}) == kAll);
  CHECK(app::left_of(kAll, locked()) == CapabilitySet{});
  CHECK(app::left_of(kAll, locked({"CAP_BPF", "CAP_NET_ADMIN"})) ==
        CapabilitySet{CAP_BPF, CAP_NET_ADMIN});
  CHECK(app::left_of({CAP_BPF}, locked({"CAP_NET_ADMIN"})) == CapabilitySet{});
}

TEST_CASE("of a right that is not there, what stands for it is kept") {
  CHECK(app::left_of({CAP_SYS_ADMIN, CAP_CHOWN}, locked({"CAP_BPF"})) ==
        CapabilitySet{CAP_SYS_ADMIN});
  CHECK(app::left_of({CAP_DAC_OVERRIDE, CAP_CHOWN}, locked({"CAP_DAC_READ_SEARCH"})) ==
        CapabilitySet{CAP_DAC_OVERRIDE});
}

TEST_CASE("every right that the configuration may keep is known here") {
  for (const std::string_view name : config::kKeepableRights) {
    const CapabilitySet left = app::left_of(kAll, locked({std::string(name)}));
    CHECK_MESSAGE(__builtin_popcountll(left.bits()) == 1, name);
  }
}

TEST_CASE("what is lacking is said with its mend") {
  CHECK(app::rights_lacking(kAll, {}).empty());
  const auto none = app::rights_lacking({}, {});
  REQUIRE(none.size() == 3);
  CHECK(to_string(none[0]) ==
        "without CAP_SYS_PTRACE which network a container lives in cannot be seen, so there are no "
        "figures of it: run as root, or with CAP_SYS_PTRACE");
  CHECK(app::rights_lacking(kAll, locked())[0].mend == "add \"CAP_SYS_PTRACE\" to rights.keep");
  CHECK(app::rights_lacking({}, locked())[0].mend == "run as root, or with CAP_SYS_PTRACE");
  CHECK(app::rights_lacking({CAP_SYS_PTRACE, CAP_NET_ADMIN, CAP_DAC_OVERRIDE}, {}).empty());
}

TEST_CASE("of each right it is told what it is for, and yes where something stands for it") {
  const auto is_there = [](CapabilitySet permitted, std::string_view name, bool locked_memory) {
    std::string answer = "not asked";
    for (const app::Use& use : app::rights_and_uses(permitted, locked_memory)) {
      CHECK_FALSE(use.serves.empty());
      if (use.name == name) answer = use.is_there ? "yes" : "no";
    }
    return answer;
  };
  CHECK(is_there(kAll, "CAP_BPF", false) == "yes");
  CHECK(is_there({}, "CAP_BPF", false) == "no");
  CHECK(is_there({CAP_SYS_ADMIN}, "CAP_PERFMON", false) == "yes");
  CHECK(is_there({CAP_SYS_ADMIN}, "CAP_NET_ADMIN", false) == "no");
  CHECK(is_there({CAP_DAC_OVERRIDE}, "CAP_DAC_READ_SEARCH", false) == "yes");
  CHECK(is_there({}, "CAP_SYSLOG", false) == "no");
  CHECK(is_there({}, "CAP_SYS_RESOURCE", false) == "not asked");
  CHECK(is_there({}, "CAP_SYS_RESOURCE", true) == "no");
}

TEST_CASE("the line says what is left") {
  CHECK(app::rights_line({}, {}) == "rights: none");
  CHECK(app::rights_line({CAP_BPF, CAP_CHOWN}, {}) ==
        "rights: CAP_BPF, each raised only around the calls that need it");
  CHECK(app::rights_line(kAll, locked()) == "rights: locked, none is left");
  CHECK(app::rights_line(kAll, locked({"CAP_BPF"})) == "rights: locked, kept CAP_BPF");
}

TEST_CASE("a thread lowers, locks and gives up for itself") {
  const auto before = base::capabilities();
  REQUIRE(before);
  std::thread([&] {  // capabilities are a thread's own
    app::lower_rights();
    CHECK(base::capabilities()->effective == CapabilitySet{});
    CHECK(base::capabilities()->permitted == before->permitted);
    CHECK_FALSE(app::lock_rights({}));
    CHECK(base::capabilities()->permitted == before->permitted);
    const auto keep = locked({"CAP_NET_ADMIN"});
    CHECK(app::lock_rights(keep) == (app::left_of(before->permitted, keep) != before->permitted));
    CHECK(base::capabilities()->permitted == app::left_of(before->permitted, keep));
    app::give_up_rights();
    CHECK(base::capabilities()->permitted == CapabilitySet{});
    CHECK_FALSE(app::lock_rights(keep));
  })
      .join();
  CHECK(base::capabilities()->permitted == before->permitted);
}

TEST_CASE("a lock whose outcome could not be known is refused, not taken for none") {
  std::thread([] {  // a filter is a thread's own, too
    if (!forbid_capget()) {
      MESSAGE("not tested: no seccomp here");
      return;
    }
    CHECK_THROWS_AS(app::lock_rights(locked()), std::runtime_error);
    CHECK_FALSE(app::lock_rights({}));
  })
      .join();
}
