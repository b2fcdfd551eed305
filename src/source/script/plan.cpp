#include "source/script/plan.hpp"

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

}  // namespace hostmeter::source::script
