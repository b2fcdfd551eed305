#include "base/glob_filter.hpp"

#include <fnmatch.h>

#include <algorithm>

namespace hostmeter::base {
namespace {

bool any_matches(const std::vector<std::string>& globs, const std::string& name) {
  return std::any_of(globs.begin(), globs.end(), [&](const std::string& glob) {
    return ::fnmatch(glob.c_str(), name.c_str(), 0) == 0;
  });
}

}  // namespace

bool GlobFilter::passes(std::string_view name) const {
  const std::string terminated(name);
  return (include.empty() || any_matches(include, terminated)) && !any_matches(exclude, terminated);
}

}  // namespace hostmeter::base
