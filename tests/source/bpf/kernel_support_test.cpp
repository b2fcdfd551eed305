#include "source/bpf/kernel_support.hpp"

#include <doctest/doctest.h>

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
