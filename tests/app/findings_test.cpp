#include "app/findings.hpp"

#include <doctest/doctest.h>

#include "support/made_up_host.hpp"
#include "support/made_up_machine.hpp"

using namespace hostmeter;

TEST_CASE("what was found is said in two lines") {
  test::MadeUpHost made_up(test::kMachine);
  app::Readers readers = app::make_readers({}, made_up.host);
  app::Channel channel("sampler", 65'536, 1024);
  const app::Doorbell bell;
  app::RingOutput out(channel, bell, made_up.clock, 0);
  app::Sampler sampler(std::move(readers.all), out, made_up.host.instances, made_up.clock, 1,
                       [] {});
  sampler.tick(1);
  const auto lines = app::findings(readers, sampler);
  REQUIRE(lines.size() == 2);
  CHECK(lines[0].find("cgroup v2, 3 cgroups, 1 docker container") != std::string::npos);
  CHECK(lines[1].find("[file] cgroup_tree") != std::string::npos);
}
