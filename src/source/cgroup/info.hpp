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

  // Sends what is new: last_seen_ns goes on by itself.
  void read(const Tick&, Output&) override;

 private:
  struct State {
    ~State() {
      if (labels) labels->drop();
    }
    std::optional<InstanceSet> labels;
    Instance instance = 0;
  };
  void send_departed(const Tick&, Output&);
  void name(const Cgroup&, State&, Output&);

  Host& host_;
  const Inventory& inventory_;
  PerCgroup<State> states_;
  std::vector<std::unique_ptr<State>> departed_;  // in the last tick
  std::uint64_t seen_ns_ = 0;  // the last tick, in which all that have a state were there
};

}  // namespace hostmeter::source::cgroup
