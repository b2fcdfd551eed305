// hostmeter check: would it start?
#include <cstdio>

#include "app/commands.hpp"
#include "app/log.hpp"
#include "app/rights.hpp"
#include "app/serving.hpp"
#include "app/settings.hpp"
#include "base/clock.hpp"
#include "config/load.hpp"

namespace hostmeter::app {

// Goes through a whole start, listeners and BPF included, and ends again without serving.
int check(const Arguments& arguments) {
  lower_rights();
  auto loaded = load_settings(arguments);
  if (const auto* problems = std::get_if<std::vector<std::string>>(&loaded)) {
    for (const std::string& problem : *problems) std::fprintf(stderr, "%s\n", problem.c_str());
    std::fprintf(stderr, "%zu problem%s: hostmeter would not start\n", problems->size(),
                 problems->size() == 1 ? "" : "s");
    return kUsage;
  }
  start_log(to_string(std::get<config::Settings>(loaded).log.level));
  const base::SystemClock clock;
  try {
    Serving serving(std::get<config::Settings>(loaded), arguments.paths, clock);
    for (const Remark& remark : serving.pipeline().readers().remarks)
      std::printf("remark: %s\n", to_string(remark).c_str());
    for (const std::string& address : serving.addresses())
      std::printf("would serve %s\n", address.c_str());
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\nhostmeter would not start\n", error.what());
    return kFailed;
  }
  std::printf("%s: hostmeter would start\n", file_in_force(arguments).c_str());
  return kOk;
}

}  // namespace hostmeter::app
