#include "config/telegraf/docker_input.hpp"

#include "loaded.hpp"

using namespace hostmeter;
using namespace hostmeter::config::telegraf;
using Words = std::vector<std::string>;

TEST_CASE("its options") {
  const auto loaded = test::load(R"([[inputs.docker]]
endpoint = "unix:///run/d.sock"
timeout = "7s"
container_name_include = ["a*"]
container_name_exclude = ["b"]
container_state_include = ["running", "paused"]
container_state_exclude = ["dead"]
source_tag = true
storage_objects = ["container", "volume", "image"]
perdevice_include = ["network"]
total_include = []
docker_label_include = ["c"]
docker_label_exclude = ["d"]
tag_env = ["HEAP"]
gather_services = true
insecure_skip_verify = false
)");
  CHECK(test::said(loaded).empty());
  const auto& docker = test::plugin<Docker>(loaded);
  CHECK(docker.endpoint == "/run/d.sock");
  CHECK(docker.timeout_ns == 7'000'000'000);
  CHECK(docker.container_name_include == Words{"a*"});
  CHECK(docker.container_name_exclude == Words{"b"});
  CHECK(docker.container_state_include == Words{"running", "paused"});
  CHECK(docker.container_state_exclude == Words{"dead"});
  CHECK(docker.source_tag);
  CHECK(docker.storage_objects == Words{"container", "volume", "image"});
  CHECK(docker.perdevice_include == Words{"network"});
  CHECK(docker.total_include.empty());
  CHECK(docker.docker_label_include == Words{"c"});
  CHECK(docker.docker_label_exclude == Words{"d"});
  CHECK(docker.tag_env == Words{"HEAP"});
  CHECK(docker.gather_services);
}

TEST_CASE("old options mean what they meant") {
  const auto old = [](const char* text) {
    return test::plugin<Docker>(test::load(std::string("[[inputs.docker]]\n") + text));
  };
  CHECK(old("perdevice = true").perdevice_include == Words{"cpu", "network", "blkio"});
  CHECK(old("perdevice = true\nperdevice_include = [\"blkio\"]").perdevice_include ==
        Words{"blkio", "network"});
  CHECK(old("perdevice = false").perdevice_include == Words{"cpu"});
  CHECK(old("total = false").total_include == Words{"cpu"});
  CHECK(old("total = false\ntotal_include = [\"blkio\"]").total_include.empty());
  CHECK(old("total = true").total_include == Words{"cpu", "blkio", "network"});
  CHECK(old("container_names = [\"a\"]\ncontainer_name_include = [\"b\"]").container_name_include ==
        Words{"b", "a"});
}

TEST_CASE("only sockets of this host can be asked") {
  const auto endpoint_with = [](const std::string& written, const char* docker_host) {
    return test::load(
        "[[inputs.docker]]\nEndpoint = \"" + written + "\"\n", [&](const std::string& name) {
          return name == "DOCKER_HOST" && docker_host ? std::optional<std::string>(docker_host)
                                                      : std::nullopt;
        });
  };
  CHECK(test::plugin<Docker>(endpoint_with("ENV", nullptr)).endpoint == "/var/run/docker.sock");
  CHECK(test::plugin<Docker>(endpoint_with("", nullptr)).endpoint == "/var/run/docker.sock");
  CHECK(test::plugin<Docker>(endpoint_with("ENV", "unix:///a")).endpoint == "/a");
  for (const char* other :
       {"tcp://a:2375", "http://a", "npipe:////./pipe/x", "unix://", "unix://a"})
    CHECK(test::said_only(endpoint_with(other, nullptr), "2 LOST inputs.docker.endpoint: "));
  const auto lost = endpoint_with("ENV", "tcp://a:2376");
  CHECK(test::said_only(
      lost, "2 LOST inputs.docker.endpoint: DOCKER_HOST \"tcp://a:2376\" is no socket"));
  CHECK(lost.settings.inputs.empty());
}

TEST_CASE("classes that do not exist are said and left out") {
  const auto loaded = test::load("[[inputs.docker]]\nperdevice_include = [\"gpu\", \"cpu\"]\n");
  CHECK(test::said_only(loaded, "2 differs inputs.docker.perdevice_include: \"gpu\" is unknown"));
  CHECK(test::plugin<Docker>(loaded).perdevice_include == Words{"cpu"});
}

TEST_CASE("a runtime and a socket are known by their path") {
  Docker docker;
  CHECK(runtime_of(docker) == "docker");
  docker.endpoint = "/run/user/1000/podman/podman.sock";
  CHECK(runtime_of(docker) == "podman");
  CHECK(is_same_socket("/var/run/docker.sock", "/run/docker.sock"));
  CHECK_FALSE(is_same_socket("/var/run/docker.sock", "/run/other.sock"));
}
