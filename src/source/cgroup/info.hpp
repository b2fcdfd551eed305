// That a cgroup is there.
#pragma once
#include "hostmeter/flow/facts/cgroup_info.hpp"
#include "source/cgroup/per_cgroup.hpp"

namespace hostmeter::source::cgroup {

class InfoReader final : public Reader {
 public:
  explicit InfoReader(const Inventory& inventory) : inventory_(inventory) {}

  // Sends what is new: last_seen_ns goes on by itself.
  void read(const Tick&, Output&) override;

 private:
  struct State {};
  void send_departed(const Tick&, Output&);

  const Inventory& inventory_;
  PerCgroup<State> states_;
  std::uint64_t seen_ns_ = 0;  // the last tick, in which all that have a state were there
};

}  // namespace hostmeter::source::cgroup
