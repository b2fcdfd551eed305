#include "store/container_filter.hpp"

#include <doctest/doctest.h>

using namespace hostmeter;
using store::ContainerFilter;

TEST_CASE("names, images and labels each may keep a container out") {
  const ContainerFilter filter{.names = {{}, {"ci-*"}},
                               .images = {{"shop/*"}, {"*:debug"}},
                               .labels = {{"team=a*", "team=b"}, {"metrics=off"}}};
  CHECK(filter.passes_name("web"));
  CHECK_FALSE(filter.passes_name("ci-17"));
  const auto passes = [&](Description description) {
    return filter.passes_image_and_labels(description);
  };
  CHECK(passes({.image = "shop/web", .labels = {{"metrics", "on"}, {"team", "a1"}}}));
  CHECK_FALSE(passes({.image = "mail", .labels = {{"team", "a1"}}}));
  CHECK_FALSE(passes({.image = "shop/web:debug", .labels = {{"team", "a1"}}}));
  CHECK_FALSE(passes({.image = "shop/web", .labels = {{"team", "c"}}}));
  CHECK_FALSE(passes({.image = "shop/web", .labels = {{"metrics", "off"}, {"team", "b"}}}));
}

TEST_CASE("what is not known is taken by no include and matched by no exclude") {
  const ContainerFilter includes{.names = {{"*"}, {}}, .images = {{"*"}, {}}, .labels = {}};
  CHECK_FALSE(includes.passes_name(""));
  CHECK_FALSE(includes.passes_image_and_labels({}));
  const ContainerFilter excludes{
      .names = {{}, {"*"}}, .images = {{}, {"*"}}, .labels = {{}, {"*"}}};
  CHECK(excludes.passes_name(""));
  CHECK(excludes.passes_image_and_labels({}));
}

TEST_CASE("a filter knows whether it needs more than the name") {
  CHECK_FALSE(ContainerFilter{}.asks());
  CHECK_FALSE(ContainerFilter{}.asks_for_names());
  CHECK_FALSE(ContainerFilter{}.asks_for_more());
  CHECK(ContainerFilter{.names = {{"a"}, {}}, .images = {}, .labels = {}}.asks_for_names());
  CHECK(ContainerFilter{.names = {}, .images = {{}, {"a"}}, .labels = {}}.asks_for_more());
  CHECK(ContainerFilter{.names = {}, .images = {}, .labels = {{"a"}, {}}}.asks_for_more());
}
