#include "source/script/environment.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace hostmeter::source::script;

namespace {

std::size_t count_of(const std::vector<std::string>& all, std::string_view prefix) {
  return std::size_t(std::count_if(
      all.begin(), all.end(), [&](const std::string& one) { return one.starts_with(prefix); }));
}

}  // namespace

TEST_CASE("scripts have a small environment, and what they are given wins") {
  Run run;
  run.environment = {"PATH=/opt/bin", "TOKEN=a=b", "LANGUAGE=de"};
  const auto all = environment_of(run);
  CHECK(count_of(all, "PATH=") == 1);
  CHECK(count_of(all, "PATH=/opt/bin") == 1);
  CHECK(count_of(all, "TOKEN=a=b") == 1);
  CHECK(count_of(all, "LANG=") == 1);
  CHECK(count_of(all, "HOME=/tmp") == 1);
  CHECK(count_of(all, "CREDENTIALS_DIRECTORY=") == 0);
  run.allow.secrets = {"/root/token"};
  CHECK(count_of(environment_of(run), "CREDENTIALS_DIRECTORY=/run/secrets") == 1);
}

TEST_CASE("nothing of our own environment is passed on") {
  ::setenv("OF_THE_DAEMON", "secret", 1);
  CHECK(count_of(environment_of({}), "OF_THE_DAEMON") == 0);
}
