#include "app/state_files.hpp"

#include <doctest/doctest.h>

#include "support/captured.hpp"
#include "support/made_up_host.hpp"

using namespace hostmeter;

namespace {

constexpr std::string_view kTree =
    "-- run/systemd/machines/n1 --\nNAME=n1\nSCOPE=nsp1.service\nCLASS=container\n"
    "-- srv/state/io.containerd.runtime.v2.task/default/web/config.json --\n{}\n";

std::vector<std::string> names(const config::Settings& settings) {
  test::MadeUpHost made_up(kTree);
  const auto source = app::state_files(settings, made_up.host, InstanceIds(1));
  std::vector<std::string> all;
  if (!source) return all;
  test::Captured out;
  source->source->follow(out, false);
  for (const NewsItem& item : out.news)
    if (const auto* described = std::get_if<Described>(&item))
      all.push_back(described->description.name);
  return all;
}

}  // namespace

TEST_CASE("files below the host's root name containers, also of a recording") {
  CHECK(names({}) == std::vector<std::string>{"n1"});
}

TEST_CASE("directories are settings") {
  config::Settings settings;
  settings.runtimes.containerd.directories = {"/srv/other", "/srv/state"};
  settings.runtimes.nspawn.enabled = false;
  CHECK(names(settings) == std::vector<std::string>{"web"});
}

TEST_CASE("what is switched off is not followed") {
  config::Settings settings;
  for (auto* runtime :
       {&settings.runtimes.containerd, &settings.runtimes.crio, &settings.runtimes.kubelet,
        &settings.runtimes.lxc, &settings.runtimes.nspawn})
    runtime->enabled = false;
  CHECK(names(settings).empty());
}

TEST_CASE("engines keep their files where the settings say, and others theirs beside them") {
  config::Settings settings;
  settings.runtimes.podman.directories = {"/srv/podman", "/home/*/.local/share/containers/storage"};
  settings.runtimes.docker.directories = {};
  std::vector<std::string> found;
  for (const auto& form : app::state_forms(settings, app::Sockets::come_first))
    if (form.kind == source::runtime::StateKind::podman_containers ||
        form.kind == source::runtime::StateKind::docker_config)
      found.push_back(form.pattern + " " + form.unless);
  CHECK(found == std::vector<std::string>{
                     "srv/podman/overlay-containers/containers.json run/podman/podman.sock",
                     "home/*/.local/share/containers/storage/overlay-containers/containers.json "});
}

TEST_CASE("files of engines speak where there is no socket to ask, or nobody may ask") {
  for (const auto& form : app::state_forms({}, app::Sockets::ignored)) CHECK(form.unless.empty());
  std::size_t engines = 0;
  for (const auto& form : app::state_forms({}, app::Sockets::come_first))
    engines += form.unless.ends_with(".sock") ? 1 : 0;
  CHECK(engines == 2);
}
