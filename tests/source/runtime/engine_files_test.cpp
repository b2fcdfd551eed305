#include "source/runtime/engine_files.hpp"

#include <doctest/doctest.h>

using namespace hostmeter;
using namespace hostmeter::source::runtime;

TEST_CASE("Docker's file of a container tells its name, image and labels") {
  const auto made = describe_docker_config(
      R"({"State":{"Running":true},"ID":"c00843","Name":"/web1","Image":"sha256:36bc",)"
      R"("Config":{"Image":"lab/busybox:1.35","Env":["SECRET=x"],"Labels":{"team":"infra"}}})");
  REQUIRE(made);
  CHECK(made->runtime == Runtime::docker);
  CHECK(made->container_id == "c00843");
  CHECK(made->name == "web1");
  CHECK(made->image == "lab/busybox:1.35");
  CHECK(made->labels == std::vector<std::pair<std::string, std::string>>{{"team", "infra"}});
  const auto unnamed = describe_docker_config(R"({"ID":"c0","Image":"sha256:36bc"})");
  REQUIRE(unnamed);
  CHECK(unnamed->image == "sha256:36bc");
}

TEST_CASE("Docker's containers that cri-dockerd made are of a pod") {
  const auto made = describe_docker_config(
      R"({"ID":"c0","Name":"/k8s_app_web_shop_uid_0","Config":{"Labels":{)"
      R"("io.kubernetes.container.name":"app","io.kubernetes.pod.name":"web",)"
      R"("io.kubernetes.pod.namespace":"shop","io.kubernetes.pod.uid":"uid",)"
      R"("io.kubernetes.docker.type":"container"}}})");
  REQUIRE(made);
  CHECK(made->pod == "web");
  CHECK(made->pod_namespace == "shop");
  CHECK(made->pod_uid == "uid");
  CHECK(made->pod_container == "app");
}

TEST_CASE("podman's list names its containers, and leaves CRI-O's out") {
  const auto all = describe_podman_containers(
      R"([{"id":"68f8","names":["pweb"],"image":"53f4","metadata":"{\"image-name\":\"bb:1\"}"},)"
      R"({"id":"3276","image":"53f4","metadata":"broken"},)"
      R"({"id":"1111","names":["k8s_app"],"metadata":"{\"pod-id\":\"22\",\"image-name\":\"x\"}"}])");
  REQUIRE(all);
  REQUIRE(all->size() == 2);
  CHECK((*all)[0].runtime == Runtime::podman);
  CHECK((*all)[0].container_id == "68f8");
  CHECK((*all)[0].name == "pweb");
  CHECK((*all)[0].image == "bb:1");
  CHECK((*all)[1].container_id == "3276");
  CHECK((*all)[1].image == "53f4");
}

TEST_CASE("damaged files are refused") {
  for (const char* text : {"", "{", "{}", "[]x"}) {
    CAPTURE(text);
    CHECK_FALSE(describe_docker_config(text));
  }
  CHECK_FALSE(describe_podman_containers("[{"));
  CHECK(describe_podman_containers("[]")->empty());
}
