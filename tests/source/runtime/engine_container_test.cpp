#include "source/runtime/engine_container.hpp"

#include <doctest/doctest.h>

#include <cerrno>

using namespace hostmeter;
using namespace hostmeter::source::runtime;

namespace {

const std::string kId(64, 'a');

std::string inspect(const std::string& state, const std::string& more = "{}") {
  return R"({"Id":")" + kId +
         R"(","Name":"/web1","Image":"sha256:36bc","Created":"2026-11-22T14:24:24Z",
            "RestartCount":2,"State":)" +
         state + R"(,"HostConfig":)" + more +
         R"(,"Config":{"Image":"nginx:1.25","Labels":{"team":"infra","app":"shop"}}})";
}

EngineContainer parsed(const std::string& json, Runtime runtime = Runtime::docker) {
  const auto one = parse_inspect(json, runtime);
  REQUIRE(one);
  return *one;
}

constexpr const char* kRunning =
    R"({"Status":"running","OOMKilled":false,"Pid":123,"ExitCode":0,
        "StartedAt":"2026-11-22T14:24:25Z","FinishedAt":"0001-01-01T00:00:00Z",
        "Health":{"Status":"healthy","FailingStreak":2,"Log":[{"ExitCode":7}]}})";
constexpr const char* kExited =
    R"({"Status":"exited","OOMKilled":true,"Pid":0,"ExitCode":137,
        "StartedAt":"2026-11-22T14:24:25Z","FinishedAt":"2026-11-22T14:24:26Z"})";

}  // namespace

TEST_CASE("a container that runs") {
  const EngineContainer one = parsed(inspect(kRunning));
  CHECK(one.description.runtime == Runtime::docker);
  CHECK(one.description.container_id == kId);
  CHECK(one.description.name == "web1");
  CHECK(one.description.image == "nginx:1.25");
  CHECK(one.description.labels ==
        std::vector<std::pair<std::string, std::string>>{{"app", "shop"}, {"team", "infra"}});
  CHECK(one.status == Status::running);
  CHECK(one.health == Health::healthy);
  CHECK(one.health_failures == 2);
  CHECK(one.pid == 123);
  CHECK(one.restarts == 2);
  CHECK(one.oom_killed == false);
  CHECK(one.created_ns == 1'795'357'464'000'000'000U);
  CHECK(one.started_ns == 1'795'357'465'000'000'000U);
  CHECK_FALSE(one.finished_ns);
  CHECK_FALSE(one.exit_code);  // the 0 is of nothing
}

TEST_CASE("one that has ended keeps its exit code, and has no process") {
  const EngineContainer one = parsed(inspect(kExited));
  CHECK(one.status == Status::exited);
  CHECK(one.exit_code == 137);
  CHECK(one.oom_killed == true);
  CHECK(one.finished_ns);
  CHECK_FALSE(one.pid);
  CHECK(one.health == Health::none);
}

TEST_CASE("limits that are not set are absent") {
  const EngineContainer none = parsed(inspect(
      kRunning, R"({"Memory":0,"MemorySwap":-1,"NanoCpus":0,"CpuShares":0,"PidsLimit":null})"));
  CHECK_FALSE(none.memory_limit);
  CHECK_FALSE(none.memory_swap_limit);
  CHECK_FALSE(none.cpu_limit_milli);
  CHECK_FALSE(none.cpu_shares);
  CHECK_FALSE(none.pids_limit);
  const EngineContainer all = parsed(
      inspect(kRunning, R"({"Memory":67108864,"MemoryReservation":33554432,"MemorySwap":134217728,
                            "NanoCpus":500000000,"CpuShares":512,"PidsLimit":50})"));
  CHECK(all.memory_limit == 67'108'864);
  CHECK(all.memory_reservation == 33'554'432);
  CHECK(all.memory_swap_limit == 134'217'728);
  CHECK(all.cpu_limit_milli == 500);
  CHECK(all.cpu_shares == 512);
  CHECK(all.pids_limit == 50);
}

TEST_CASE("a quota is CPUs, too, by its period or the usual one") {
  CHECK(parsed(inspect(kRunning, R"({"CpuQuota":150000,"CpuPeriod":50000})")).cpu_limit_milli ==
        3'000);
  CHECK(parsed(inspect(kRunning, R"({"CpuQuota":25000})")).cpu_limit_milli == 250);
  CHECK_FALSE(parsed(inspect(kRunning, R"({"CpuQuota":-1})")).cpu_limit_milli);
  CHECK_FALSE(parsed(inspect(kRunning, R"({"CpuQuota":18446744073709551615})")).cpu_limit_milli);
}

TEST_CASE("podman's own words for a state mean Docker's") {
  const auto status = [](const char* word) {
    return parsed(inspect(R"({"Status":")" + std::string(word) + "\"}"), Runtime::podman).status;
  };
  CHECK(status("configured") == Status::created);
  CHECK(status("stopped") == Status::exited);
  CHECK(status("paused") == Status::paused);
  CHECK(status("dreaming") == Status::unknown);
}

TEST_CASE("an image without a name is its id") {
  CHECK(parsed(R"({"Id":")" + kId + R"(","Image":"sha256:36bc"})").description.image ==
        "sha256:36bc");
}

TEST_CASE("a pod's container is one") {
  const EngineContainer one = parsed(R"({"Id":")" + kId +
                                     R"(","Name":"/k8s_app_web_shop_1234_0","Config":{"Labels":{
      "io.kubernetes.pod.name":"web","io.kubernetes.pod.namespace":"shop",
      "io.kubernetes.container.name":"app"}}})");
  CHECK(one.description.pod == "web");
  CHECK(one.description.pod_container == "app");
}

TEST_CASE("wrong types and what is long cost themselves; without an id there is nothing") {
  const EngineContainer one = parsed(R"({"Id":")" + kId +
                                     R"(","Name":7,"Created":[],"RestartCount":"2","State":[1],
      "Config":{"Image":")" + std::string(5'000, 'x') +
                                     R"(","Labels":{"a":1,"b":"c"}}})");
  CHECK(one.description.name.empty());
  CHECK_FALSE(one.restarts);
  CHECK(one.description.image.size() == Description::kLongestName);
  CHECK(one.description.labels.size() == 1);
  for (const char* text : {"{}", "[]", R"({"Id":"abc"})", R"({"Id":7})", "{", ""}) {
    const auto refused = parse_inspect(text, Runtime::docker);
    CHECK_FALSE(refused);
    CHECK(refused.error().code == EBADMSG);
  }
}

TEST_CASE("an id is 64 hex digits: nothing else goes into a question") {
  CHECK(is_container_id(kId));
  CHECK_FALSE(is_container_id(std::string(63, 'a')));
  CHECK_FALSE(is_container_id(std::string(63, 'a') + "/"));
  CHECK_FALSE(is_container_id(std::string(63, 'a') + "A"));
}

TEST_CASE("of the environment only what is asked for by name is kept, and no blank value") {
  const std::string json = R"({"Id":")" + std::string(64, 'a') +
                           R"(","Config":{"Env":["SECRET=x","HEAP=1=2","EMPTY=","BLANK=  ","NONE",
                              "HEAP=3",7]}})";
  const std::vector<std::string> names{"HEAP", "EMPTY", "BLANK", "NONE"};
  const auto one = parse_inspect(json, Runtime::docker, names);
  REQUIRE(one);
  CHECK(one->description.environment ==
        std::vector<std::pair<std::string, std::string>>{{"HEAP", "3"}});
  CHECK(parse_inspect(json, Runtime::docker)->description.environment.empty());
}
