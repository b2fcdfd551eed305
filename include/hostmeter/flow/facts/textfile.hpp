// Files of metrics that others leave for us.
#pragma once
#include "hostmeter/flow/facts.hpp"

namespace hostmeter {

// Instance labels: file.
enum class Textfile : std::uint8_t {
  mtime_ns,  // since 1970; only of a file that is shown
  error,     // 1: something of it, or all of it, could not be read
  series,    // in it
  bad_lines,
  count
};
constexpr Group group_of(Textfile) {
  return Group::textfile;
}

// Of all of them.
enum class Textfiles : std::uint8_t { error, count };
constexpr Group group_of(Textfiles) {
  return Group::textfiles;
}

}  // namespace hostmeter
