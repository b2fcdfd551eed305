// Who is logged in, as utmp lists it.
#pragma once
#include "hostmeter/flow/facts.hpp"

namespace hostmeter {

enum class Users : std::uint8_t {
  sessions,
  names,  // different users among them
  count
};
constexpr Group group_of(Users) {
  return Group::users;
}

}  // namespace hostmeter
