// That a cgroup is there, and what it is.
#pragma once
#include <optional>

#include "hostmeter/flow/facts/cgroup_info.hpp"
#include "source/cgroup/per_cgroup.hpp"
#include "source/host.hpp"

namespace hostmeter::source::cgroup {

class InfoReader final : public Reader {
 public:
  InfoReader(Host& host, const Inventory& inventory) : host_(host), inventory_(inventory) {}

  void read(const Tick&, Output&) override;

 private:
  struct State {
    ~State() {
      if (labels) labels->drop();
    }
    std::optional<InstanceSet> labels;
    Instance instance = 0;
  };
  Host& host_;
  const Inventory& inventory_;
  PerCgroup<State> states_;
};

}  // namespace hostmeter::source::cgroup
