// What came of a run by hand, for a person.
#pragma once
#include <string>
#include <vector>

#include "source/script/plan.hpp"
#include "source/script/verdict.hpp"
#include "tool/script/denials.hpp"
#include "tool/script/trial.hpp"

namespace hostmeter::tool {

struct RunReport {
  std::string name, path, user;
  const source::script::FeatureStates& features;
  const Trial& trial;
  const source::script::Verdict* verdict = nullptr;  // of one that ended
  std::vector<Denial> denials{};
};

std::string report(const RunReport& report);

// As they are served.
std::string families_text(std::vector<MetricFamily> families);

struct ListedScript {
  std::string name, path;
  std::uint64_t interval_ns = 0;
  std::string refusal{};  // why it is not run
};
std::string list_text(const std::vector<ListedScript>& scripts,
                      const std::vector<std::string>& remarks);

// "ok", "timeout": how a run ended, as the metrics call it.
std::string_view name_of(source::script::RunResult result);

}  // namespace hostmeter::tool
