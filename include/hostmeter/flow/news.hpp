// What crosses a ring rarely and owns memory: who is there, and what their devices are called.
#pragma once
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "hostmeter/flow/identity.hpp"
#include "hostmeter/flow/record.hpp"

namespace hostmeter {

struct Born {
  Subject subject;
  std::string path;  // "/docker/0123…", as /proc/PID/cgroup shows it
  Identity identity;
};
struct Gone {
  Subject subject;
};
// values: one for each instance label that the groups of this instance declare.
struct NamedInstance {
  Subject subject;
  Instance instance;
  std::vector<std::string> values;
};
struct GoneInstance {
  Subject subject;
  Instance instance;
};

using NewsItem = std::variant<Born, Gone, NamedInstance, GoneInstance>;
using News = std::unique_ptr<NewsItem>;

}  // namespace hostmeter
