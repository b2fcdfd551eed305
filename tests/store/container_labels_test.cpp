#include "store/container_labels.hpp"

#include <doctest/doctest.h>

#include <vector>

using hostmeter::store::container_labels;
using Labels = std::vector<std::pair<std::string, std::string>>;

TEST_CASE("a container's labels take the names that cAdvisor gives them") {
  CHECK(container_labels(Labels{}).empty());
  CHECK(container_labels(Labels{{"com.docker.compose.project", "shop"}, {"größe", "10 \"cm\""}}) ==
        R"(container_label_com_docker_compose_project="shop",container_label_gr____e="10 \"cm\"")");
}

TEST_CASE("a label without a value is no label to Prometheus") {
  CHECK(container_labels(Labels{{"a.b", ""}, {"a_b", "1"}}) == R"(container_label_a_b="1")");
}

TEST_CASE("names that become the same are told apart, and never pass for another") {
  CHECK(container_labels(Labels{{"a-b", "1"}, {"a.b", "2"}, {"a_b", "3"}}) ==
        R"(container_label_a_b_conflict1="1",container_label_a_b_conflict2="2",)"
        R"(container_label_a_b_conflict3="3")");
  CHECK(container_labels(Labels{{"a-b", "1"}, {"a.b", "2"}, {"a_b_conflict1", "3"}}) ==
        R"(container_label_a_b_conflict2="1",container_label_a_b_conflict3="2",)"
        R"(container_label_a_b_conflict1="3")");
}
