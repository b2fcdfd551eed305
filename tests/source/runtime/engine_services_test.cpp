#include "source/runtime/engine_services.hpp"

#include <doctest/doctest.h>

#include <cerrno>

using namespace hostmeter;
using namespace hostmeter::source::runtime;

namespace {

constexpr const char* kServices =
    R"([{"ID":"s1","Spec":{"Name":"web","Mode":{"Replicated":{"Replicas":3}}}},
        {"ID":"s2","Spec":{"Mode":{"Global":{}},"Name":"agent"}},
        {"ID":"s3","Spec":{"Name":"once","Mode":
            {"ReplicatedJob":{"MaxConcurrent":2,"TotalCompletions":9}}}},
        {"ID":"s4","Spec":{"Name":"sweep","Mode":{"GlobalJob":{}}}},
        {"ID":"s5","Spec":{"Name":"odd","Mode":{"Later":{}}}},
        {"ID":"s6","Spec":{"Name":"bare","Mode":{"Replicated":{}}}}])";

}  // namespace

TEST_CASE("services have a mode, and what it is about") {
  const auto services = parse_services(kServices);
  REQUIRE(services);
  REQUIRE(services->all.size() == 4);  // of the last two the mode says nothing
  CHECK(services->all[0].name == "web");
  CHECK(services->all[0].mode == "replicated");
  CHECK(services->all[0].replicas == 3);
  CHECK(services->all[1].id == "s2");
  CHECK(services->all[1].name == "agent");
  CHECK(services->all[1].mode == "global");
  CHECK(services->all[2].mode == "replicated_job");
  CHECK(services->all[2].concurrent == 2);
  CHECK(services->all[2].completions == 9);
  CHECK_FALSE(services->all[2].replicas);
  CHECK(services->all[3].mode == "global_job");
  CHECK(services->left_out == 0);
}

TEST_CASE("tasks are counted for their service: those that run, and those that should") {
  auto services = parse_services(kServices);
  REQUIRE(services);
  REQUIRE_FALSE(count_tasks(
      R"([{"ID":"t1","ServiceID":"s1","Status":{"State":"running"},"DesiredState":"running"},
          {"ID":"t2","ServiceID":"s1","Status":{"State":"failed"},"DesiredState":"shutdown"},
          {"ID":"t3","DesiredState":"running","Status":{"State":"pending"},"ServiceID":"s2"},
          {"ID":"t4","ServiceID":"other","Status":{"State":"running"}}, {}])",
      services->all));
  CHECK(services->all[0].running == 1);
  CHECK(services->all[0].wanted == 1);
  CHECK(services->all[1].running == 0);
  CHECK(services->all[1].wanted == 1);
  CHECK(services->all[2].wanted == 0);
}

TEST_CASE("what is no list is refused") {
  std::vector<SwarmServiceState> none;
  CHECK(parse_services("[]")->all.empty());
  CHECK_FALSE(count_tasks("[]", none));
  for (const char* text : {"", "{}", "7", "[{\"ID\":", R"({"":{"ID":"s1"}})"}) {
    const auto services = parse_services(text);
    REQUIRE_FALSE(services);
    CHECK(services.error().code == EBADMSG);
    CHECK(count_tasks(text, none));
  }
}
