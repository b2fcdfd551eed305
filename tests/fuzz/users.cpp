// Any bytes as /run/utmp: refused, or no more users than logins.
#include "source/proc/users.hpp"

#include <cstdint>
#include <cstdlib>

using namespace hostmeter;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::vector<std::string_view> names;
  const auto facts = source::proc::parse_utmp({reinterpret_cast<const char*>(data), size}, names);
  if (facts && !(facts->get(Users::names) <= facts->get(Users::sessions))) std::abort();
  return 0;
}
