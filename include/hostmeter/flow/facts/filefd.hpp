// Open files of the host.
#pragma once
#include "hostmeter/flow/facts.hpp"

namespace hostmeter {

enum class Filefd : std::uint8_t { allocated, maximum, count };
constexpr Group group_of(Filefd) {
  return Group::filefd;
}

}  // namespace hostmeter
