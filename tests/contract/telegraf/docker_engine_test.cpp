#include "contract/telegraf/docker_engine.hpp"

#include <doctest/doctest.h>

#include <map>
#include <set>
#include <utility>

#include "hostmeter/flow/facts/container.hpp"
#include "hostmeter/flow/facts/engine.hpp"
#include "hostmeter/flow/facts/uname_info.hpp"
#include "made_up_host.hpp"

using namespace hostmeter;
using namespace hostmeter::contract::telegraf;

namespace {

const std::string kId(64, 'a');
const std::string kEngine = R"(engine_host="node1",server_version="24.0.7")";

// A host whose engine has one container, which does not run.
struct Lab {
  MadeUpHost host;
  Instance engine = host.name({"docker"}),
           state = host.name({"/docker/" + kId, "web", "nginx:1.25", "", "", ""});

  explicit Lab(Docker options) : host(std::move(options)) {
    host.describe(
        {.runtime = Runtime::docker, .container_id = kId, .name = "web", .image = "nginx:1.25"});
    host.say<UnameInfo>({{UnameInfo::one, 1}}, kHost, host.name({"", "", "", "", "f00ba4", ""}));
    host.say<EngineInfoField>(
        {{EngineInfoField::one, 1}}, kHost,
        host.name({"docker", "24.0.7", "1.43", "overlay2", "systemd", "node1"}));
    host.say<ContainerState>({{ContainerState::is_exited, 1}}, kHost, state);
  }
};

}  // namespace

TEST_CASE("docker: the engine and its containers by state") {
  Lab lab(Docker{.storage_objects = {"container"}});
  lab.host.say<EngineField>({{EngineField::running, 2},
                             {EngineField::paused, 1},
                             {EngineField::exited, 3},
                             {EngineField::dead, 1},
                             {EngineField::images, 9},
                             {EngineField::memory_bytes, 1'000},
                             {EngineField::cpus, 4},
                             {EngineField::disk_images, 5'000},
                             {EngineField::open_files, 59},
                             {EngineField::goroutines, 63},
                             {EngineField::event_listeners, 1}},
                            kHost, lab.engine);
  lab.host.tick(0);
  const std::string tags = "{" + kEngine + "} ";
  CHECK(lab.host.lines() ==
        Lines{"docker_n_containers" + tags + "7", "docker_n_containers_running" + tags + "2",
              "docker_n_containers_paused" + tags + "1", "docker_n_containers_stopped" + tags + "4",
              "docker_n_images" + tags + "9", "docker_n_cpus" + tags + "4",
              "docker_memory_total" + tags + "1000", "docker_n_used_file_descriptors" + tags + "59",
              "docker_n_goroutines" + tags + "63", "docker_n_listener_events" + tags + "1",
              "docker_disk_usage_layers_size" + tags + "5000"});
}

TEST_CASE("docker: what containers have on disk, in whatever state and of whatever name") {
  Lab lab(Docker{.container_name_include = {"other"},
                 .docker_label_include = {},
                 .source_tag = true,
                 .storage_objects = {"container"}});
  lab.host.say<ContainerDisk>(
      {{ContainerDisk::written_bytes, 77}, {ContainerDisk::root_fs_bytes, 500}}, kHost, lab.state);
  lab.host.tick(0);
  const std::string tags = R"({container_image="nginx",container_name="web",)"
                           R"(container_version="1.25",engine_host="node1",)"
                           R"(server_version="24.0.7",source="aaaaaaaaaaaa"} )";
  CHECK(lab.host.lines("docker_disk_usage_size") ==
        Lines{"docker_disk_usage_size_rw" + tags + "77",
              "docker_disk_usage_size_root_fs" + tags + "500"});
}

TEST_CASE("docker: images by a short id and the first of their names, and volumes") {
  Lab lab(Docker{.storage_objects = {"image", "volume"}});
  const std::string id = "sha256:0123456789abcdef";
  lab.host.say<ImageDisk>({{ImageDisk::bytes, 5}, {ImageDisk::shared_bytes, 2}}, kHost,
                          lab.host.name({"docker", id, "registry:5000/web:1.2"}));
  lab.host.say<ImageDisk>({{ImageDisk::bytes, 6}}, kHost,
                          lab.host.name({"docker", "sha256:7", ""}));
  lab.host.say<ImageDisk>({{ImageDisk::bytes, 9}}, kHost, lab.host.name({"podman", id, "x"}));
  lab.host.say<VolumeDisk>({{VolumeDisk::bytes, 7}}, kHost, lab.host.name({"docker", "db"}));
  lab.host.say<VolumeDisk>({{VolumeDisk::bytes, 9}}, kHost, lab.host.name({"podman", "db"}));
  lab.host.tick(0);
  const std::string web = R"({engine_host="node1",image_id="0123456789ab",)"
                          R"(image_name="registry:5000/web",image_version="1.2",)"
                          R"(server_version="24.0.7"} )";
  CHECK(lab.host.lines("docker_disk_usage_") ==
        Lines{"docker_disk_usage_size" + web + "5", "docker_disk_usage_shared_size" + web + "2",
              R"(docker_disk_usage_size{engine_host="node1",image_id="7",)"
              R"(server_version="24.0.7"} 6)",
              R"(docker_disk_usage_size{)" + kEngine + R"(,volume_name="db"} 7)"});
}

TEST_CASE("docker: what is as it was is not made anew") {
  struct Counting final : Taker {
    bool keeps(const std::string& key, std::uint64_t made_of) override {
      const auto [at, is_new] = known.try_emplace(key, made_of);
      return std::exchange(at->second, made_of) == made_of && !is_new;
    }
    void take(Draft draft) override { taken.insert(draft.key.substr(0, draft.key.find(' '))); }
    std::set<std::string> taken_now(Lab& lab, const Docker& options) {
      taken.clear();
      lab.host.tick(0);
      Source source = lab.host.source();
      engine_drafts(options, source, engine_tags(options, source), {}, *this);
      return taken;
    }
    std::map<std::string, std::uint64_t> known;
    std::set<std::string> taken;
  } counting;
  const Docker options{.gather_services = true, .storage_objects = {"image", "volume"}};
  Lab lab(options);
  lab.host.say<ImageDisk>({{ImageDisk::bytes, 5}}, kHost, lab.host.name({"docker", "i", "web:1"}));
  lab.host.say<VolumeDisk>({{VolumeDisk::bytes, 7}}, kHost, lab.host.name({"docker", "db"}));
  const Instance service = lab.host.name({"docker", "s1", "web", "replicated"});
  lab.host.say<SwarmService>({{SwarmService::tasks_running, 2}}, kHost, service);
  using Keys = std::set<std::string>;
  CHECK(counting.taken_now(lab, options) == Keys{"engine", "image", "volume", "service"});
  CHECK(counting.taken_now(lab, options) == Keys{"engine"});
  lab.host.say<SwarmService>({{SwarmService::tasks_running, 2}, {SwarmService::tasks_desired, 3}},
                             kHost, service);
  CHECK(counting.taken_now(lab, options) == Keys{"engine", "service"});
  lab.host.say<VolumeDisk>({{VolumeDisk::bytes, 9}}, kHost, lab.host.name({"docker", "other"}));
  CHECK(counting.taken_now(lab, options) == Keys{"engine", "volume"});
}

TEST_CASE("docker: of what is on disk only what is asked for") {
  Lab lab(Docker{.storage_objects = {"container"}});
  lab.host.say<VolumeDisk>({{VolumeDisk::bytes, 7}}, kHost, lab.host.name({"docker", "db"}));
  lab.host.say<ImageDisk>({{ImageDisk::bytes, 5}}, kHost, lab.host.name({"docker", "i", ""}));
  lab.host.tick(0);
  CHECK(lab.host.lines("docker_disk_usage_size{").empty());
}

TEST_CASE("docker: services of a swarm, where they are asked for, without the engine's labels") {
  for (const bool asked : {true, false}) {
    Lab lab(Docker{.gather_services = asked});
    lab.host.say<SwarmService>({{SwarmService::tasks_running, 2}, {SwarmService::tasks_desired, 3}},
                               kHost, lab.host.name({"docker", "s1", "web", "replicated"}));
    lab.host.say<SwarmService>({{SwarmService::tasks_running, 1},
                                {SwarmService::max_concurrent, 4},
                                {SwarmService::total_completions, 9}},
                               kHost, lab.host.name({"docker", "s2", "once", "replicated_job"}));
    lab.host.tick(0);
    const std::string web = R"({service_id="s1",service_mode="replicated",service_name="web"} )";
    const std::string once =
        R"({service_id="s2",service_mode="replicated_job",service_name="once"} )";
    const Lines all{
        "docker_swarm_tasks_running" + web + "2", "docker_swarm_tasks_desired" + web + "3",
        "docker_swarm_tasks_running" + once + "1", "docker_swarm_max_concurrent" + once + "4",
        "docker_swarm_total_completions" + once + "9"};
    CHECK(lab.host.lines("docker_swarm") == (asked ? all : Lines{}));
  }
}
