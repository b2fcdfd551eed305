#include "source/bpf/features.hpp"

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>

#include "base/capabilities.hpp"
#include "support/made_up_host.hpp"

using namespace hostmeter;

namespace {
const source::bpf::Feature& named(const std::vector<source::bpf::Feature>& all,
                                  std::string_view name) {
  const auto at = std::ranges::find(all, name, &source::bpf::Feature::name);
  REQUIRE(at != all.end());
  return *at;
}
}  // namespace

TEST_CASE("of a recorded host nothing is claimed") {
  test::MadeUpHost made_up("");
  const auto all = source::bpf::features(made_up.host);
  REQUIRE_FALSE(all.empty());
  for (const auto& feature : all) CHECK(feature.lacks.has_value());
}

TEST_CASE("of a live host: BTF where it is, bpf() where it is allowed") {
  test::MadeUpHost made_up("-- proc/kallsyms --\n0000000000000000 T startup_64\n");
  made_up.host.live = true;
  const auto all = source::bpf::features(made_up.host);
  CHECK(named(all, "kernel addresses").mend.find("CAP_SYSLOG") != std::string_view::npos);
  const bool has_btf = ::access("/sys/kernel/btf/vmlinux", R_OK) == 0;
  CHECK(named(all, "BTF").lacks.has_value() == !has_btf);
  if (!base::may({CAP_BPF, CAP_PERFMON})) {
    CHECK(named(all, "bpf()").lacks->code == EPERM);
    CHECK(named(all, "ring buffer (5.8)").lacks->code == EPERM);
    CHECK(named(all, "reads of kernel memory").lacks->code == EPERM);
  }
  // What is asked of the types needs no right.
  CHECK(named(all, "scheduler tracepoints").lacks.has_value() == !has_btf);
}

TEST_CASE("without the rights bpf() is refused, and the types still speak") {
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    base::lock();
    test::MadeUpHost made_up("");
    made_up.host.live = true;
    const auto all = source::bpf::features(made_up.host);
    const auto& bpf = named(all, "bpf()");
    ::_exit(bpf.lacks && bpf.lacks->code == EPERM ? 0 : 1);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  CHECK(status == 0);
}
