#include "source/script/spawn.hpp"

#include <sys/wait.h>

#include "source/script/lab.hpp"
#include "source/script/report.hpp"

using namespace hostmeter;
using namespace hostmeter::test;

TEST_CASE("namespaces are those in force, and the network's only where it is not allowed") {
  Rules rules;
  Run run;
  CHECK((namespaces_of({run, rules}) & CLONE_NEWNET) != 0);
  CHECK((namespaces_of({run, rules}) & CLONE_NEWPID) != 0);
  run.allow.network = true;
  CHECK((namespaces_of({run, rules}) & CLONE_NEWNET) == 0);
  rules.features[Feature::pid_namespace] = {1, ""};
  CHECK((namespaces_of({run, rules}) & CLONE_NEWPID) == 0);
}

TEST_CASE("nothing is run before it is let go, nor when the lifeline is closed before that") {
  if (!can_sandbox()) return;
  Run run;
  run.path = "/bin/sh";
  run.argv = {"sh", "-c", "echo ran"};
  Rules rules;
  auto filters = SeccompFilters::compile();
  REQUIRE(filters);
  rules.filters = std::move(*filters);
  for (const bool is_let_go : {false, true}) {
    auto child = spawn({run, rules});
    REQUIRE(child);
    ::usleep(50'000);
    CHECK_FALSE(receive_report(child->status.get()));
    if (is_let_go) let_go(*child);
    if (!is_let_go) child->lifeline.reset();
    CHECK(::waitpid(child->pid, nullptr, 0) == child->pid);
    const auto report = receive_report(child->status.get());
    CHECK(report.has_value() == is_let_go);
    char bytes[8]{};
    CHECK(::read(child->out.get(), bytes, sizeof bytes) == (is_let_go ? 4 : 0));
  }
}

TEST_CASE("it can be told whether namespaces are to be had") {
  CHECK_FALSE(try_namespaces(0));
  CHECK(try_namespaces(CLONE_NEWPID | CLONE_THREAD));
}
