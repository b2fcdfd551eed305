// What os-release says of the distribution.
#pragma once
#include "hostmeter/flow/facts.hpp"

namespace hostmeter {

// Instance labels: build_id, id, id_like, image_id, image_version, name, pretty_name, variant,
// variant_id, version, version_codename, version_id.
enum class OsInfo : std::uint8_t { one, count };
constexpr Group group_of(OsInfo) {
  return Group::os_info;
}

// Instance labels: id, id_like, name.
enum class OsVersion : std::uint8_t { number, count };  // major.minor
constexpr Group group_of(OsVersion) {
  return Group::os_version;
}
constexpr bool is_real(OsVersion) {
  return true;
}

}  // namespace hostmeter
