#include "base/glob_filter.hpp"

#include <fnmatch.h>

#include <algorithm>

namespace hostmeter::base {

bool matches_any(const std::vector<std::string>& globs, const std::string& name) {
  return std::any_of(globs.begin(), globs.end(), [&](const std::string& glob) {
    return ::fnmatch(glob.c_str(), name.c_str(), 0) == 0;
  });
}

bool GlobFilter::passes(std::string_view name) const {
  const std::string terminated(name);
  return (include.empty() || matches_any(include, terminated)) && !matches_any(exclude, terminated);
}

}  // namespace hostmeter::base
