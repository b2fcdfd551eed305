#include "source/bpf/swap_counters.hpp"

#include <unistd.h>

#include <string>

namespace hostmeter::source::bpf {
namespace {

bool exists(const base::Dir& top, const std::string& name) {
  return ::faccessat(top.fd(), name.c_str(), F_OK, 0) == 0;
}

}  // namespace

std::optional<bool> keeps_swap_counters(const base::Dir& top, bool v2) {
  if (!v2) return exists(top, "memory.memsw.usage_in_bytes");
  if (exists(top, "memory.current")) return exists(top, "memory.swap.current");
  const auto names = top.subdirectories();
  if (!names) return {};
  for (const std::string& name : *names)
    if (exists(top, name + "/memory.current")) return exists(top, name + "/memory.swap.current");
  return {};
}

}  // namespace hostmeter::source::bpf
