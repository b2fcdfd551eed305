#include "source/runtime/pod_logs.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace hostmeter;
using namespace hostmeter::source::runtime;

namespace {

const std::string kId = "9396f98f9a8ef499d5d9989ca85f451ea5298a7591aee789b1bf4cccfb6b5f8a";
const std::string kLink = "web-labnode_shop_app-" + kId + ".log";

}  // namespace

TEST_CASE("a link to a log names the container and its pod") {
  const auto made = describe_log(
      kLink, "/var/log/pods/shop_web-labnode_05441b44724d437938a8810d20ca1371/app/0.log");
  REQUIRE(made);
  CHECK(made->runtime == Runtime::none);
  CHECK(made->container_id == kId);
  CHECK(made->name == kId);
  CHECK(made->pod == "web-labnode");
  CHECK(made->pod_namespace == "shop");
  CHECK(made->pod_uid == "05441b44724d437938a8810d20ca1371");
  CHECK(made->pod_container == "app");
}

TEST_CASE("a container's name may hold dashes") {
  const auto made = describe_log("web_shop_side-car-2-" + kId + ".log", "");
  REQUIRE(made);
  CHECK(made->pod_container == "side-car-2");
  CHECK(made->pod_uid.empty());
}

TEST_CASE("a link that leads to another pod's log tells no uid") {
  for (const char* target : {"/var/log/pods/shop_other_uid/app/0.log", "app/0.log", "0.log", "/",
                             "/var/lib/docker/containers/9396/9396-json.log"}) {
    CAPTURE(target);
    const auto made = describe_log(kLink, target);
    REQUIRE(made);
    CHECK(made->pod == "web-labnode");
    CHECK(made->pod_uid.empty());
  }
}

TEST_CASE("what is no log of a container says nothing") {
  for (const std::string& link :
       {std::string(), std::string(".log"), kId + ".log", "_shop_app-" + kId + ".log",
        "web__app-" + kId + ".log", "web_shop_app" + kId + ".log", "web_shop_-" + kId,
        "web_shop_app-" + kId.substr(1) + ".log", "web_shop_app-" + kId + ".log.1",
        "web_shop_app-" + std::string(64, 'X') + ".log"}) {
    CAPTURE(link);
    CHECK_FALSE(describe_log(link, ""));
  }
}

TEST_CASE("a pod is known by the directory of its logs") {
  const auto made = describe_pod("shop_web-labnode_05441b44724d437938a8810d20ca1371");
  REQUIRE(made);
  CHECK(made->is_sandbox);
  CHECK(made->container_id == "05441b44724d437938a8810d20ca1371");
  CHECK(made->name.empty());
  CHECK(made->pod == "web-labnode");
  CHECK(made->pod_uid == "05441b44724d437938a8810d20ca1371");
  CHECK_FALSE(describe_pod("05441b44-724d-4379-38a8-810d20ca1371"));
}
