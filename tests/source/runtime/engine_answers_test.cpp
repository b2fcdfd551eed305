#include "source/runtime/engine_answers.hpp"

#include <doctest/doctest.h>

#include <cerrno>

using namespace hostmeter;
using namespace hostmeter::source::runtime;

namespace {

const std::string kOne(64, 'a'), kTwo = std::string(63, 'a') + 'b';

EngineEvent event(const std::string& type, const std::string& action,
                  const std::string& id = kOne) {
  const auto made =
      parse_event(R"({"Type":")" + type + R"(","Action":")" + action + R"(","Actor":{"ID":")" + id +
                  R"(","Attributes":{"Action":"x","ID":"y"}},"time":1})");
  REQUIRE(made);
  return *made;
}

}  // namespace

TEST_CASE("the version that both can speak is spoken") {
  const auto docker =
      parse_version(R"({"Version":"20.10.24","ApiVersion":"1.41","MinAPIVersion":"1.12"})");
  REQUIRE(docker);
  CHECK(docker->version == "20.10.24");
  const auto speak = [](ApiVersion newest, ApiVersion oldest) {
    return api_to_speak({.version = {}, .newest = newest, .oldest = oldest});
  };
  CHECK(api_to_speak(*docker) == ApiVersion{1, 41});
  CHECK(speak({1, 52}, {1, 44}) == ApiVersion{1, 44});
  CHECK(speak({1, 30}, {1, 12}) == ApiVersion{1, 30});
  CHECK_FALSE(speak({1, 23}, {1, 12}));
  CHECK_FALSE(speak({1, 30}, {1, 40}));
  CHECK_FALSE(parse_version(R"({"Version":"1"})"));
  CHECK_FALSE(parse_version(R"({"ApiVersion":1.41})"));
}

TEST_CASE("an API version is two numbers") {
  CHECK(parse_api_version("1.41") == ApiVersion{1, 41});
  for (const char* text : {"", "1", "1.", ".4", "1.4.1", "-1.4", "1.99999", "a.b"})
    CHECK_FALSE(parse_api_version(text));
}

TEST_CASE("of the list the ids are taken, in order and once; others than ids are left out") {
  const auto ids =
      parse_container_ids(R"([{"Id":")" + kTwo + R"(","Names":["/x"],"State":"exited"},{"Id":")" +
                          kOne + R"(","State":"running"},{"Id":")" + kOne +
                          R"("},{"Id":"../../images","State":"running"},{"Id":7}])");
  REQUIRE(ids);
  CHECK(ids->all == std::vector<std::string>{kOne, kTwo});
  CHECK(ids->running == std::vector<std::string>{kOne});
  CHECK(parse_container_ids("[]")->all.empty());
  for (const char* text : {"{}", "7", "", "{\"message\":\"x\"}"})
    CHECK_FALSE(parse_container_ids(text));
}

TEST_CASE("events say what is to be asked again, in Docker's words and in podman's") {
  using What = EngineEvent::What;
  CHECK(event("container", "create").what == What::changed);
  CHECK(event("container", "start").what == What::started);
  CHECK(event("container", "start").container == kOne);
  CHECK(event("container", "health_status: healthy").what == What::changed);
  CHECK(event("container", "died").what == What::changed);
  CHECK(event("container", "destroy").what == What::container_gone);
  CHECK(event("container", "remove").what == What::container_gone);
  CHECK(event("container", "exec_start: sh -c x").what == What::other);
  CHECK(event("image", "pull", "").what == What::images);
  CHECK(event("network", "connect").what == What::other);
  CHECK(event("volume", "destroy", "labvol").what == What::other);
}

TEST_CASE("an event that tells of a container without saying of which is malformed") {
  CHECK_FALSE(parse_event(R"({"Type":"container","Action":"start","Actor":{"ID":"x"}})"));
  CHECK_FALSE(parse_event(R"({"Type":"container","Action":"start"})"));
  CHECK_FALSE(parse_event("{\"Type\":"));
}

TEST_CASE("what the engine is, and what it has") {
  const auto info = parse_info(
      R"({"Images":3,"MemTotal":1024,"NCPU":2,"Driver":"overlay2","CgroupDriver":"systemd",
          "ServerVersion":"20.10","Swarm":{"NCPU":9}})");
  REQUIRE(info);
  CHECK(info->images == 3);
  CHECK(info->memory_bytes == 1024);
  CHECK(info->cpus == 2);
  CHECK(info->storage_driver == "overlay2");
  CHECK(info->cgroup_driver == "systemd");
  const auto other = parse_info(R"({"Images":"three","NCPU":-1})");
  REQUIRE(other);
  CHECK_FALSE(other->images);
  CHECK_FALSE(other->cpus);
}

TEST_CASE("disk usage is summed by kind; what Docker leaves out is 0") {
  const auto usage = parse_disk_usage(
      R"({"LayersSize":500,"Images":[{"Size":400},{"Size":300}],
          "Containers":[{"Id":")" +
      kOne + R"(","SizeRw":7},{"Id":")" + kTwo +
      R"("}],"Volumes":[{"UsageData":{"Size":10}},{"UsageData":{"Size":-1}},{"UsageData":null}],
          "BuildCache":null})");
  REQUIRE(usage);
  CHECK(usage->images == 500);
  CHECK(usage->containers == 7);
  CHECK(usage->volumes == 10);
  CHECK(usage->build_cache == 0);
  REQUIRE(usage->by_container.size() == 2);
  CHECK(usage->by_container[0] == std::pair(kOne, std::uint64_t{7}));
  CHECK(usage->by_container[1] == std::pair(kTwo, std::uint64_t{0}));
}

TEST_CASE("podman does not sum up layers; a liar's sums do not wrap") {
  const auto podman = parse_disk_usage(R"({"LayersSize":0,"Images":[{"Size":400},{"Size":300}]})");
  REQUIRE(podman);
  CHECK(podman->images == 700);
  const auto liar = parse_disk_usage(
      R"({"LayersSize":1,"Volumes":[{"UsageData":{"Size":18446744073709551615}},
          {"UsageData":{"Size":5}}]})");
  REQUIRE(liar);
  CHECK(liar->volumes == ~std::uint64_t{0});
  CHECK_FALSE(parse_disk_usage("{}"));
}
