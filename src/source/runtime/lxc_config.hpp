// A container's config of LXC: what it was made of.
#pragma once
#include <string_view>

#include "hostmeter/flow/description.hpp"

namespace hostmeter::source::runtime {

// name: the directory's, which is also the id. The image is what lxc-create was told and noted in a
// comment: "debian/bookworm/amd64" of the download template, "nginx:1.25" of the one for OCI
// images; other templates have none.
Description describe_lxc(std::string_view config, std::string_view name);

}  // namespace hostmeter::source::runtime
