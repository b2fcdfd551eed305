#include "source/runtime/state_form.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace hostmeter;
using namespace hostmeter::source::runtime;

namespace {

const std::string kId(64, 'a');

std::string bundle(std::string_view space, std::string_view id) {
  return "run/containerd/io.containerd.runtime.v2.task/" + std::string(space) + '/' +
         std::string(id) + "/config.json";
}

Description one(StateKind kind, std::string_view path, std::string_view content) {
  const auto all = describe(kind, path, content);
  REQUIRE(all);
  REQUIRE(all->size() == 1);
  return all->front();
}

}  // namespace

TEST_CASE("patterns are below the directory that is given") {
  CHECK(containerd_forms("run/containerd")[0].pattern == bundle("*", "*"));
  CHECK(kubelet_forms("var/log")[1].pattern == "var/log/pods/*");
  CHECK(podman_forms("s", "")[0].pattern == "s/overlay-containers/containers.json");
}

TEST_CASE("bundles of dockerd, and ids that only mean something within a namespace, are left out") {
  CHECK(is_of_interest(StateKind::containerd_bundle, bundle("k8s.io", kId)));
  CHECK(is_of_interest(StateKind::containerd_bundle, bundle("default", "web")));
  CHECK(is_of_interest(StateKind::containerd_bundle, bundle("other", kId)));
  CHECK_FALSE(is_of_interest(StateKind::containerd_bundle, bundle("other", "web")));
  CHECK_FALSE(is_of_interest(StateKind::containerd_bundle, bundle("moby", kId)));
}

TEST_CASE("links and hidden files among machines are none") {
  CHECK(is_of_interest(StateKind::machine, "run/systemd/machines/web"));
  CHECK_FALSE(is_of_interest(StateKind::machine, "run/systemd/machines/unit:web.service"));
  CHECK_FALSE(is_of_interest(StateKind::machine, "run/systemd/machines/.#web0123"));
}

TEST_CASE("the id is the component of the path that the kind says") {
  CHECK(one(StateKind::containerd_bundle, bundle("k8s.io", kId), "{}").container_id == kId);
  CHECK(one(StateKind::crio_bundle, "s/overlay-containers/" + kId + "/userdata/config.json",
            R"({"annotations":{"io.kubernetes.cri-o.ContainerType":"sandbox"}})")
            .container_id == kId);
  CHECK(one(StateKind::lxc_config, "var/lib/lxc/c1/config", "").name == "c1");
  CHECK(one(StateKind::pod_logs, "var/log/pods/shop_web_uid", "").pod == "web");
  CHECK(one(StateKind::container_log, "var/log/containers/web_shop_app-" + kId + ".log",
            "/var/log/pods/shop_web_uid/app/0.log")
            .pod_uid == "uid");
  CHECK(one(StateKind::machine, "m/web", "NAME=web\nSCOPE=a.service\nCLASS=container\n").name ==
        "web");
  CHECK(one(StateKind::docker_config, "d", R"({"ID":"c0","Name":"/web"})").name == "web");
  CHECK(one(StateKind::podman_containers, "c", R"([{"id":"c0","names":["web"]}])").name == "web");
}

TEST_CASE("what names nobody describes nobody, what is damaged says so") {
  CHECK(describe(StateKind::pod_logs, "var/log/pods/old-form", "")->empty());
  CHECK(describe(StateKind::crio_bundle, "s/overlay-containers/x/userdata/config.json", "{}")
            ->empty());
  CHECK(describe(StateKind::containerd_bundle, bundle("default", "web"), "{").error().code ==
        EBADMSG);
}
