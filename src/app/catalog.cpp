// hostmeter catalog: every metric, in words.
#include "tool/catalog/catalog.hpp"

#include <cstdio>

#include "app/commands.hpp"
#include "collect/all.hpp"

namespace hostmeter::app {

int catalog(const Arguments& arguments) {
  const std::string text =
      arguments.json ? tool::json(collect::all()) : tool::markdown(collect::all());
  return std::fputs(text.c_str(), stdout) >= 0 && std::fflush(stdout) == 0 ? kOk : kFailed;
}

}  // namespace hostmeter::app
