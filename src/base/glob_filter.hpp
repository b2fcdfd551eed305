// Include and exclude lists for devices, mounts, interfaces and the like.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace hostmeter::base {

// Shell globs, of which any may match.
bool matches_any(const std::vector<std::string>& globs, const std::string& name);

// Shell globs (*, ?, [a-z]; * matches slashes too). A name passes when no exclude matches and the
// include list is empty or one of it matches.
struct GlobFilter {
  std::vector<std::string> include, exclude;

  bool passes(std::string_view name) const;
  friend bool operator==(const GlobFilter&, const GlobFilter&) = default;
};

}  // namespace hostmeter::base
