// What Docker and podman keep about their containers on disk: names where their sockets are silent.
#pragma once
#include <optional>
#include <string_view>
#include <vector>

#include "hostmeter/base/result.hpp"
#include "hostmeter/flow/description.hpp"

namespace hostmeter::source::runtime {

// containers/ID/config.v2.json below Docker's directory. EBADMSG, EFBIG: as each_string(), and
// without an id. Docker writes it anew, by renaming, at whatever happens to the container.
Result<Description> describe_docker_config(std::string_view text);

// overlay-containers/containers.json of podman's storage: all containers at once, without labels.
// CRI-O's are there, too, and left out.
Result<std::vector<Description>> describe_podman_containers(std::string_view text);

}  // namespace hostmeter::source::runtime
