#include "source/runtime/oci_config.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace hostmeter;
using namespace hostmeter::source::runtime;

namespace {

constexpr std::string_view kId = "9396f98f9a8ef499d5d9989ca85f451ea5298a7591aee789b1bf4cccfb6b5f8a";
constexpr std::string_view kUid = "3f2b1c9a-8d4e-4f6a-9b7c-0123456789ab";

// A config.json with these members of "annotations".
std::string with(std::string_view annotations) {
  return R"({"ociVersion":"1.0.2","process":{"args":["sh"],"env":["SECRET=x"]},"annotations":{)" +
         std::string(annotations) + R"(},"linux":{"cgroupsPath":"/kubepods/x"}})";
}

}  // namespace

TEST_CASE("containerd: a pod's container has its names and image") {
  const auto made = describe_containerd(with(R"(
      "io.kubernetes.cri.container-name": "app",
      "io.kubernetes.cri.container-type": "container",
      "io.kubernetes.cri.image-name": "localhost/lab/bb:busybox",
      "io.kubernetes.cri.sandbox-id": "690a3372",
      "io.kubernetes.cri.sandbox-name": "web-7d4b9c6f5d-x2k8p",
      "io.kubernetes.cri.sandbox-namespace": "shop",
      "io.kubernetes.cri.sandbox-uid": "3f2b1c9a-8d4e-4f6a-9b7c-0123456789ab")"),
                                        kId);
  REQUIRE(made);
  CHECK(made->runtime == Runtime::containerd);
  CHECK(made->container_id == kId);
  CHECK(made->name == kId);
  CHECK(made->image == "localhost/lab/bb:busybox");
  CHECK(made->pod == "web-7d4b9c6f5d-x2k8p");
  CHECK(made->pod_namespace == "shop");
  CHECK(made->pod_uid == kUid);
  CHECK(made->pod_container == "app");
  CHECK_FALSE(made->is_sandbox);
  CHECK(made->labels.empty());
}

TEST_CASE("containerd: a sandbox is of its pod and no container, whichever version wrote it") {
  const auto old = describe_containerd(with(R"(
      "io.kubernetes.cri.container-type": "sandbox",
      "io.kubernetes.cri.sandbox-log-directory": "/var/log/pods/shop_web_3f2b1c9a-8d4e-4f6a-9b7c-0123456789ab/")"),
                                       kId);
  REQUIRE(old);
  CHECK(old->is_sandbox);
  CHECK(old->pod == "web");
  CHECK(old->pod_namespace == "shop");
  CHECK(old->pod_uid == kUid);
  CHECK(old->image.empty());
  const auto of_2_0 = describe_containerd(with(R"(
      "io.kubernetes.cri.container-type": "sandbox",
      "io.kubernetes.cri.podsandbox.image-name": "registry.k8s.io/pause:3.10",
      "io.kubernetes.cri.sandbox-name": "web",
      "io.kubernetes.cri.container-name": "never")"),
                                          kId);
  REQUIRE(of_2_0);
  CHECK(of_2_0->image == "registry.k8s.io/pause:3.10");
  CHECK(of_2_0->pod_container.empty());
}

TEST_CASE("containerd: without Kubernetes the id is the name, and annotations are labels") {
  const auto ctr = describe_containerd(with(R"("team":"infra","app":"web")"), "ctr-web");
  REQUIRE(ctr);
  CHECK(ctr->name == "ctr-web");
  CHECK(ctr->image.empty());
  CHECK(ctr->pod.empty());
  CHECK(ctr->labels ==
        std::vector<std::pair<std::string, std::string>>{{"app", "web"}, {"team", "infra"}});
  const auto nerdctl =
      describe_containerd(with(R"("nerdctl/name":"db","nerdctl/namespace":"default")"), kId);
  REQUIRE(nerdctl);
  CHECK(nerdctl->name == "db");
  CHECK(nerdctl->labels.empty());
  const auto bare = describe_containerd(R"({"ociVersion":"1.0.2"})", "bare");
  REQUIRE(bare);
  CHECK(bare->name == "bare");
}

TEST_CASE("CRI-O: names, image and labels, of containers and of sandboxes") {
  const auto made = describe_crio(with(R"(
      "io.container.manager": "cri-o",
      "io.kubernetes.container.name": "app",
      "io.kubernetes.cri-o.ContainerName": "k8s_app_web_shop_3f2b1c9a-8d4e-4f6a-9b7c-0123456789ab_2",
      "io.kubernetes.cri-o.ContainerType": "container",
      "io.kubernetes.cri-o.Image": "5f3c",
      "io.kubernetes.cri-o.ImageName": "registry.example/app:1",
      "io.kubernetes.cri-o.Labels": "{\"io.kubernetes.pod.name\":\"web\",\"io.kubernetes.pod.namespace\":\"shop\",\"io.kubernetes.pod.uid\":\"3f2b1c9a-8d4e-4f6a-9b7c-0123456789ab\"}")"),
                                  kId);
  REQUIRE(made);
  REQUIRE(*made);
  const Description& app = **made;
  CHECK(app.runtime == Runtime::crio);
  CHECK(app.container_id == kId);
  CHECK(app.name == "k8s_app_web_shop_3f2b1c9a-8d4e-4f6a-9b7c-0123456789ab_2");
  CHECK(app.image == "registry.example/app:1");
  CHECK(app.pod == "web");
  CHECK(app.pod_namespace == "shop");
  CHECK(app.pod_uid == kUid);
  CHECK(app.pod_container == "app");
  CHECK(app.labels.size() == 3);

  const auto pause = describe_crio(with(R"(
      "io.kubernetes.container.name": "POD",
      "io.kubernetes.cri-o.ContainerName": "k8s_POD_web_shop_uid_0",
      "io.kubernetes.cri-o.ContainerType": "sandbox",
      "io.kubernetes.cri-o.Image": "registry.k8s.io/pause:3.9",
      "io.kubernetes.cri-o.KubeName": "web",
      "io.kubernetes.cri-o.Namespace": "shop",
      "io.kubernetes.cri-o.Labels": "no JSON",
      "io.kubernetes.pod.uid": "uid")"),
                                   kId);
  REQUIRE(pause);
  REQUIRE(*pause);
  CHECK((*pause)->is_sandbox);
  CHECK((*pause)->pod == "web");
  CHECK((*pause)->pod_namespace == "shop");
  CHECK((*pause)->pod_uid == "uid");
  CHECK((*pause)->pod_container.empty());
  CHECK((*pause)->image == "registry.k8s.io/pause:3.9");
  CHECK((*pause)->labels.empty());
}

TEST_CASE("CRI-O: podman's containers in the same place are not its own") {
  const auto made = describe_crio(
      with(R"("io.container.manager":"libpod","io.kubernetes.cri-o.TTY":"false")"), kId);
  REQUIRE(made);
  CHECK_FALSE(*made);
}

TEST_CASE("a damaged or huge config costs its own container") {
  for (const std::string& text :
       {std::string(), with("").substr(0, 60), std::string("[1,2"), std::string("\x7f\x45LF")}) {
    CHECK(describe_containerd(text, kId).error().code == EBADMSG);
    CHECK(describe_crio(text, kId).error().code == EBADMSG);
  }
  CHECK(describe_containerd(std::string(5U << 20, ' '), kId).error().code == EFBIG);
  // Values of other kinds than strings, where strings are wanted, are no values.
  const auto odd = describe_containerd(
      R"({"annotations":{"io.kubernetes.cri.container-type":["sandbox"]}})", "odd");
  REQUIRE(odd);
  CHECK_FALSE(odd->is_sandbox);
}

TEST_CASE("names are cut to their bound") {
  const auto made = describe_containerd(
      with(R"("io.kubernetes.cri.container-type":"container","io.kubernetes.cri.image-name":")" +
           std::string(5'000, 'i') + '"'),
      kId);
  REQUIRE(made);
  CHECK(made->image.size() == Description::kLongestName);
}

TEST_CASE("the directory of a pod's logs has three parts") {
  Description made;
  CHECK(take_pod_directory("shop_web_05441b44724d437938a8810d20ca1371", made));
  CHECK(made.pod_uid == "05441b44724d437938a8810d20ca1371");
  for (const char* text :
       {"", "05441b44", "shop_web", "shop__uid", "_web_uid", "shop_web_", "shop_web_uid_more"}) {
    CAPTURE(text);
    Description other;
    CHECK_FALSE(take_pod_directory(text, other));
    CHECK(other == Description{});
  }
}
