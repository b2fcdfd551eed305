// What uname(2) says. Instance labels: sysname, release, version, machine, nodename, domainname.
#pragma once
#include "hostmeter/flow/facts.hpp"

namespace hostmeter {

enum class UnameInfo : std::uint8_t { one, count };
constexpr Group group_of(UnameInfo) {
  return Group::uname_info;
}

}  // namespace hostmeter
