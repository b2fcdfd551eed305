// What the machine's firmware says it is. Instance labels: those of node_dmi_info.
#pragma once
#include "hostmeter/flow/facts.hpp"

namespace hostmeter {

enum class DmiInfo : std::uint8_t {
  info,  // always 1
  count
};
constexpr Group group_of(DmiInfo) {
  return Group::dmi_info;
}

}  // namespace hostmeter
