#include "source/runtime/kubernetes_names.hpp"

#include <doctest/doctest.h>

using namespace hostmeter;
using source::runtime::take_kubernetes_names;

namespace {

Description taken(std::string name, const std::map<std::string, std::string, std::less<>>& labels) {
  Description made;
  made.name = std::move(name);
  take_kubernetes_names(labels, made);
  return made;
}

}  // namespace

TEST_CASE("a kubelet's labels say which container of which pod it is") {
  const auto made = taken("k8s_x_y_z_u_0", {{"io.kubernetes.pod.name", "web-1"},
                                            {"io.kubernetes.pod.namespace", "shop"},
                                            {"io.kubernetes.pod.uid", "1234"},
                                            {"io.kubernetes.container.name", "app"},
                                            {"io.kubernetes.docker.type", "container"}});
  CHECK(made.pod == "web-1");
  CHECK(made.pod_namespace == "shop");
  CHECK(made.pod_uid == "1234");
  CHECK(made.pod_container == "app");
  CHECK_FALSE(made.is_sandbox);
}

TEST_CASE("without them its name does") {
  const auto made = taken("k8s_app_web-1_shop_1234-56_0", {});
  CHECK(made.pod == "web-1");
  CHECK(made.pod_namespace == "shop");
  CHECK(made.pod_uid == "1234-56");
  CHECK(made.pod_container == "app");
}

TEST_CASE("a sandbox has a pod and no container's name") {
  const auto by_name = taken("k8s_POD_web-1_shop_1234_0", {});
  CHECK(by_name.is_sandbox);
  CHECK(by_name.pod == "web-1");
  CHECK(by_name.pod_container.empty());
  const auto by_label = taken("x", {{"io.kubernetes.pod.name", "web-1"},
                                    {"io.kubernetes.container.name", "POD"},
                                    {"io.kubernetes.docker.type", "podsandbox"}});
  CHECK(by_label.is_sandbox);
  CHECK(by_label.pod_container.empty());
}

TEST_CASE("other names are of no pod") {
  for (const char* name : {"web", "k8s_app", "k8s_a_b_c_d_e_f", "my_k8s_a_b_c_d_0", ""})
    CHECK(taken(name, {}).pod.empty());
}
