#include "source/script/plan.hpp"

#include <algorithm>

namespace hostmeter::source::script {
namespace {

constexpr std::uint64_t kOfInterval = 20, kOfLimit = 4;

}  // namespace

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

std::uint64_t longest_rest(const std::vector<Plan>& plans) {
  std::uint64_t longest = ~std::uint64_t{0};
  for (const Plan& plan : plans)
    longest = std::min({longest, plan.interval_ns / kOfInterval, plan.limits.wall_ns / kOfLimit});
  return longest;
}

}  // namespace hostmeter::source::script
