#include "tool/record/runtimes.hpp"

#include <doctest/doctest.h>

#include "base/text_tree.hpp"
#include "support/made_up_host.hpp"

using namespace hostmeter;
using source::runtime::StateKind;

namespace {

constexpr const char* kTree = R"(-- run/c/io.containerd.runtime.v2.task/k8s.io/0000/config.json --
-- run/c/io.containerd.runtime.v2.task/default/web/config.json --
{"process":{"env":["PASSWORD=secret"]},"annotations":{"auth":"secret",
"io.kubernetes.cri.container-type":"container","io.kubernetes.cri.image-name":"bb:1",
"io.kubernetes.cri.pod-annotations":"secret"}}
-- var/log/containers/web_shop_app-00.log -> /var/log/pods/shop_web_uid/app/0.log --
-- var/log/pods/shop_web_uid/app/0.log --
secret
-- m/n1 --
NAME=n1
SCOPE=a.service
NETIF=secret
CLASS=container
-- m/unit:a.service -> n1 --
-- m/broken --
-- lxc/c1/config --
# Template used to create this container: /usr/share/lxc/templates/lxc-download
# Parameters passed to the template: -d debian --release=bookworm --keyserver secret -u docker://me:secret@registry/x
lxc.environment = PASSWORD=secret
)";

constexpr const char* kRecorded =
    R"(-- lxc/c1/config --
# Template used to create this container: /usr/share/lxc/templates/lxc-download
# Parameters passed to the template: -d debian --release bookworm 
-- m/broken --
-- m/n1 --
NAME=n1
SCOPE=a.service
CLASS=container
-- run/c/io.containerd.runtime.v2.task/default/web/config.json --
{"annotations":{"io.kubernetes.cri.container-type":"container","io.kubernetes.cri.image-name":"bb:1"}}
-- var/log/containers/web_shop_app-00.log -> /var/log/pods/shop_web_uid/app/0.log --
-- var/log/pods/shop_web_uid/ --
)";

std::string kept(StateKind kind, std::string_view content) {
  const auto text = tool::reduced(kind, content);
  return text ? *text : "error " + std::to_string(text.error().code);
}

}  // namespace

TEST_CASE("of a host's runtimes only names, ids and images are recorded") {
  test::MadeUpHost host(kTree);
  const test::Tree into("-- x/ --\n");
  const auto dir = base::Dir::open_at(into.fd(), "x");
  tool::Writer to(*dir, tool::Scrubber({}), {});
  std::vector<source::runtime::StateForm> forms;
  for (const auto& some :
       {source::runtime::containerd_forms("run/c"), source::runtime::kubelet_forms("var/log"),
        source::runtime::nspawn_forms("m"), source::runtime::lxc_forms("lxc")})
    forms.insert(forms.end(), some.begin(), some.end());
  tool::record_runtimes({.root = host.host.root, .proc = host.host.proc, .sys = host.host.sys},
                        forms, to);
  CHECK(to.failure() == 0);
  const auto text = base::to_text_tree((into.root() / "x").c_str());
  REQUIRE(text);
  CHECK(text->text == kRecorded);
}

TEST_CASE("CRI-O's labels keep what names a container") {
  CHECK(
      kept(
          StateKind::crio_bundle,
          R"({"annotations":{"io.kubernetes.cri-o.Labels":"{\"auth\":\"secret\",)"
          R"(\"io.kubernetes.pod.name\":\"web\"}","io.kubernetes.cri-o.Annotations":"secret"}})") ==
      "{\"annotations\":{\"io.kubernetes.cri-o.Labels\":"
      "\"{\\\"io.kubernetes.pod.name\\\":\\\"web\\\"}\"}}\n");
  CHECK(
      kept(StateKind::crio_bundle, R"({"annotations":{"io.kubernetes.cri-o.Labels":"secret"}})") ==
      "{\"annotations\":{\"io.kubernetes.cri-o.Labels\":\"\"}}\n");
}

TEST_CASE("files of engines keep names and images") {
  CHECK(kept(StateKind::docker_config,
             R"({"ID":"c0","Name":"/web","Args":["secret"],"Config":{"Image":"bb:1","Env":)"
             R"(["A=secret"],"Labels":{"auth":"secret","io.kubernetes.pod.name":"web"}}})") ==
        "{\"Config\":{\"Image\":\"bb:1\",\"Labels\":{\"io.kubernetes.pod.name\":\"web\"}},"
        "\"ID\":\"c0\",\"Name\":\"/web\"}\n");
  CHECK(
      kept(StateKind::podman_containers,
           R"([{"id":"p0","names":["web"],"layer":"x","metadata":"{\"image-name\":\"bb:1\"}"}])") ==
      "[{\"id\":\"p0\",\"metadata\":\"{\\\"image-name\\\":\\\"bb:1\\\"}\",\"names\":[\"web\"]}]\n");
}

TEST_CASE("of a damaged file nothing is recorded") {
  for (const StateKind kind : {StateKind::containerd_bundle, StateKind::crio_bundle,
                               StateKind::docker_config, StateKind::podman_containers})
    CHECK(kept(kind, "{\"secret\"") == "error " + std::to_string(EBADMSG));
}
