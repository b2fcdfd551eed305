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
      R"({"Images":3,"NFd":59,"NGoroutines":63,"NEventsListener":1,"MemTotal":1024,"NCPU":2,"Driver":"overlay2","CgroupDriver":"systemd",
          "ServerVersion":"20.10","Name":"node1","Swarm":{"NCPU":9}})");
  REQUIRE(info);
  CHECK(info->images == 3);
  CHECK(info->memory_bytes == 1024);
  CHECK(info->cpus == 2);
  CHECK(info->open_files == 59);
  CHECK(info->goroutines == 63);
  CHECK(info->event_listeners == 1);
  CHECK(info->storage_driver == "overlay2");
  CHECK(info->cgroup_driver == "systemd");
  CHECK(info->host == "node1");
  const auto other = parse_info(R"({"Images":"three","NCPU":-1})");
  REQUIRE(other);
  CHECK_FALSE(other->images);
  CHECK_FALSE(other->cpus);
}

TEST_CASE("disk usage is summed by kind; what Docker leaves out is 0") {
  const auto usage = parse_disk_usage(
      R"({"LayersSize":500,"Images":[{"Size":400},{"Size":300}],
          "Containers":[{"Id":")" +
      kOne + R"(","SizeRw":7,"SizeRootFs":90},{"Id":")" + kTwo +
      R"("}],"Volumes":[{"UsageData":{"Size":10}},{"UsageData":{"Size":-1}},{"UsageData":null}],
          "BuildCache":null})");
  REQUIRE(usage);
  CHECK(usage->images == 500);
  CHECK(usage->containers == 7);
  CHECK(usage->volumes == 10);
  CHECK(usage->build_cache == 0);
  REQUIRE(usage->by_container.size() == 2);
  CHECK(usage->by_container[0] == DiskUsage::Container{kOne, 7, 90});
  CHECK(usage->by_container[1] == DiskUsage::Container{kTwo, 0, {}});
}

TEST_CASE("images and volumes are told apart, and no more of them kept than there is room for") {
  std::string images, volumes;
  for (std::size_t i = 0; i < DiskUsage::kMost + 3; ++i) {
    const std::string comma = i == 0 ? "" : ",";
    images += comma + R"({"RepoTags":["n)" + std::to_string(i) + R"("],"Size":1,"Id":"i)" +
              std::to_string(i) + R"("})";
    volumes += comma + R"({"Size":5,"Name":")" + std::to_string(i) + R"(","UsageData":{"Size":2}})";
  }
  const auto usage = parse_disk_usage(R"({"LayersSize":1,"Images":[)" + images +
                                      R"(],"Volumes":[)" + volumes + "]}");
  REQUIRE(usage);
  REQUIRE(usage->by_image.size() == DiskUsage::kMost);
  CHECK(usage->by_image[1].id == "i1");
  CHECK(usage->by_image[1].name == "n1");
  CHECK(usage->by_image[1].bytes == 1);
  CHECK_FALSE(usage->by_image[1].shared_bytes);
  REQUIRE(usage->by_volume.size() == DiskUsage::kMost);
  CHECK(usage->by_volume.back().name == std::to_string(DiskUsage::kMost - 1));
  CHECK(usage->by_volume.back().bytes == 2);
  CHECK(usage->left_out == 6);
  CHECK(usage->volumes == 2 * (DiskUsage::kMost + 3));
}

TEST_CASE("an image without an id and a volume without a name are none") {
  const auto usage = parse_disk_usage(
      R"({"LayersSize":1,"Images":[{"Size":4},7],"Volumes":[{"UsageData":{"Size":1}}]})");
  REQUIRE(usage);
  CHECK(usage->by_image.empty());
  CHECK(usage->by_volume.empty());
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
