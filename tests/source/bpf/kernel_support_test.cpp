#include "source/bpf/kernel_support.hpp"

#include <doctest/doctest.h>

#include "base/capabilities.hpp"
#include "support/made_up_host.hpp"

using namespace hostmeter;
using source::bpf::load_refused;

TEST_CASE("a refusal names lockdown when it is lockdown") {
  const test::MadeUpHost locked(
      "-- sys/kernel/security/lockdown --\nnone integrity [confidentiality]\n");
  const test::MadeUpHost open(
      "-- sys/kernel/security/lockdown --\nnone [integrity] confidentiality\n");
  const test::MadeUpHost without("");
  CHECK(load_refused(EPERM, locked.host.sys).what.find("lockdown") != std::string_view::npos);
  // The verifier then does not know the helpers that read.
  CHECK(load_refused(EINVAL, locked.host.sys).what.find("lockdown") != std::string_view::npos);
  CHECK(load_refused(EINVAL, open.host.sys).what.find("verifier") != std::string_view::npos);
  CHECK(load_refused(EPERM, open.host.sys).what.find("seccomp") != std::string_view::npos);
  CHECK(load_refused(EPERM, without.host.sys).what.find("seccomp") != std::string_view::npos);
}

TEST_CASE("each kind of refusal has words of its own and keeps its errno") {
  const test::MadeUpHost made_up("");
  for (const int code : {EPERM, EACCES, EINVAL, ENOMEM, E2BIG, ENOSYS, ENOENT}) {
    const Error error = load_refused(code, made_up.host.sys);
    CHECK(error.code == code);
    CHECK_FALSE(error.what.empty());
  }
  CHECK(load_refused(EACCES, made_up.host.sys).what.find("verifier") != std::string_view::npos);
  CHECK(load_refused(ENOMEM, made_up.host.sys).what.find("memory") != std::string_view::npos);
}

TEST_CASE("a tracepoint that is not there takes no queue") {
  CHECK_FALSE(source::bpf::takes_queue("block_rq_that_never_was"));
  CHECK_FALSE(source::bpf::takes_queue(""));
}

TEST_CASE("what to do depends on what was refused") {
  using source::bpf::mend_of;
  const auto says = [](const Error& error, std::string_view words) {
    return mend_of(error).find(words) != std::string_view::npos;
  };
  CHECK(says({EPERM, "needs CAP_BPF and CAP_PERFMON, or CAP_SYS_ADMIN"}, "CAP_BPF"));
  const test::MadeUpHost locked(
      "-- sys/kernel/security/lockdown --\nnone integrity [confidentiality]\n");
  CHECK(says(load_refused(EPERM, locked.host.sys), "lockdown=integrity"));
  const test::MadeUpHost open("");
  CHECK(says(load_refused(EPERM, open.host.sys), "seccomp"));
  CHECK(says({ENOENT, "the kernel has no BTF (CONFIG_DEBUG_INFO_BTF)"}, "newer kernel"));
  CHECK(says(load_refused(ENOMEM, open.host.sys), "map_entries"));
  CHECK(says(load_refused(EACCES, open.host.sys), "report"));
}

TEST_CASE("a thread that may use BPF anyhow needs no right raised for it") {
  const auto now = base::capabilities();
  REQUIRE(now);
  if (now->effective.has({CAP_BPF}) || now->effective.has({CAP_SYS_ADMIN}))
    CHECK_FALSE(source::bpf::use_needs_rights());
}
