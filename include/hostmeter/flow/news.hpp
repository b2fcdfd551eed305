// What crosses a ring rarely and owns memory: who is there, and what their devices are called.
#pragma once
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "hostmeter/flow/description.hpp"
#include "hostmeter/flow/identity.hpp"
#include "hostmeter/flow/record.hpp"
#include "hostmeter/metric/family.hpp"

namespace hostmeter {

struct Born {
  Subject subject;
  std::string path;  // "/docker/0123…", as /proc/PID/cgroup shows it
  Identity identity;
};
// It is no more. From now on it lingers: its counters stay as they ended, so that who looks seldom
// still sees them, and its gauges vanish. Its slot is not given to another until it is forgotten.
struct Gone {
  Subject subject;
};
struct Forgotten {
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

// From a runtime, not from the sampler: it may come before the container's Born or long after.
// Takes the place of what was said of this container before.
struct Described {
  Description description;
};
// The runtime knows it no more.
struct Undescribed {
  Runtime runtime;
  std::string container_id;
};
// Whether a runtime can be asked. While it cannot, what it said last stays, and may be stale.
struct RuntimeUp {
  Runtime runtime;
  bool up;
};

// What a script printed, in the place of what it printed before. Empty: it says nothing any more.
struct Printed {
  std::string by;  // unique among those that print
  std::vector<MetricFamily> families;
};

using NewsItem = std::variant<Born, Gone, Forgotten, NamedInstance, GoneInstance, Described,
                              Undescribed, RuntimeUp, Printed>;
using News = std::unique_ptr<NewsItem>;

}  // namespace hostmeter
