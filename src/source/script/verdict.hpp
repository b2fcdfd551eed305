// What a run of a script comes to.
#pragma once
#include <cstddef>
#include <string>
#include <vector>

#include "hostmeter/flow/news.hpp"
#include "source/script/plan.hpp"
#include "source/script/run_output.hpp"
#include "source/script/run_result.hpp"

namespace hostmeter::source::script {

struct Verdict {
  RunResult result = RunResult::ok;
  bool is_taken = false;    // what it printed takes the place of what was printed before
  bool is_failure = false;  // for the circuit breaker: nothing came of it
  std::vector<MetricFamily> families{};
  std::size_t series = 0;
  std::size_t dropped_lines = 0;
  // What is wrong, with the line of its output where it is one; empty: nothing is.
  std::string trouble{};
};

// What is shown of a script, as it was printed.
struct PrintedText {
  std::string text{};
  int exit_status = 0;
  bool was_cut = false;
};

// What a verdict made of it.
std::vector<MetricFamily> families_of(const Plan& plan, const PrintedText& printed);

Verdict verdict(const Plan& plan, const Ended& ended, const RunOutput& output);

// "killed by SIGSEGV", "killed by signal 40".
std::string killed_by(int signal);

}  // namespace hostmeter::source::script
