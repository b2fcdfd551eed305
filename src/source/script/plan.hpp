// One entry of the settings: which scripts there are, and how each of them is run.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "parse/output.hpp"
#include "source/script/request.hpp"

namespace hostmeter::source::script {

struct Plan {
  // Of its only script; empty: each is called as its file is, without the suffix.
  std::string name;
  std::vector<std::string> run;          // absolute paths or globs of executables
  std::vector<std::string> arguments;    // beyond the name
  std::vector<std::string> environment;  // NAME=value, beyond what every script has
  std::uint64_t interval_ns = 60'000'000'000;
  Limits limits;
  Allowances allow;
  bool ignore_error = false;  // what it printed is taken although its status was not 0
  std::size_t most_series = 1'000;
  std::size_t most_bytes = 1U << 20;  // of an output
  std::size_t most_line_bytes = 64U << 10;
  parse::OutputOptions output{};  // how it is read, within these bounds and not its own
  friend bool operator==(const Plan&, const Plan&) = default;
};

// How one of its files is run. The id is the caller's to set.
Run run_of(const Plan& plan, const std::string& path);

// For how long what happens may be left alone: a small part of every interval, and of the time that
// a run may take, for one that waits for its output to be read must not be late for that.
std::uint64_t longest_rest(const std::vector<Plan>& plans);

}  // namespace hostmeter::source::script
