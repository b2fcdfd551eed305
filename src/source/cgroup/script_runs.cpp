#include "source/cgroup/script_runs.hpp"

#include <algorithm>

#include "hostmeter/base/text.hpp"

namespace hostmeter::source::cgroup {
namespace {

bool is_run(std::string_view name) {
  if (!name.starts_with(kRunPrefix)) return false;
  name.remove_prefix(kRunPrefix.size());
  return !name.empty() && std::ranges::all_of(name, [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

bool is_script_run(std::string_view path) {
  bool is_below_scripts = false;
  for (Text rest(path); !rest.empty();) {
    const std::string_view name = rest.until('/');
    if (is_below_scripts && is_run(name)) return true;
    is_below_scripts = name == kScripts || name == kScriptByHand;
  }
  return false;
}

}  // namespace hostmeter::source::cgroup
