// A container's own labels as labels of a series.
#pragma once
#include <span>
#include <string>
#include <utility>

namespace hostmeter::store {

// `container_label_com_docker_compose_project="shop",…`, in the order given, with what Prometheus
// does not allow in a name turned into _ as cAdvisor does. Where two names become the same, both
// end in _conflict1, _conflict2 …, so that a name without it always means the same label. Labels
// without a value are left out.
std::string container_labels(std::span<const std::pair<std::string, std::string>> labels);

}  // namespace hostmeter::store
