#include "source/script/plan.hpp"

#include <algorithm>

namespace hostmeter::source::script {

Run run_of(const Plan& plan, const std::string& path) {
  Run run;
  run.path = path;
  run.argv = {path};
  run.argv.insert(run.argv.end(), plan.arguments.begin(), plan.arguments.end());
  run.environment = plan.environment;
  run.limits = plan.limits;
  run.allow = plan.allow;
  return run;
}

std::uint64_t shortest_interval(const std::vector<Plan>& plans) {
  const auto shortest = std::ranges::min_element(plans, {}, &Plan::interval_ns);
  return shortest == plans.end() ? ~std::uint64_t{0} : shortest->interval_ns;
}

}  // namespace hostmeter::source::script
