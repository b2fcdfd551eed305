// What a reader remembers of each cgroup, and the loop over them.
#pragma once
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "hostmeter/flow/output.hpp"
#include "source/cgroup/inventory.hpp"
#include "source/cgroup/options.hpp"
#include "source/reader.hpp"

namespace hostmeter::source::cgroup {

// Whether a slow file's turn has come: each cgroup has a tick of its own, so that every tick has
// the same amount of work.
inline bool is_due(const Tick& tick, const Cgroup& cgroup, unsigned every) {
  return (tick.number + cgroup.subject.slot) % every == 0;
}

// The same for limits: of a cgroup made a moment ago at every tick, and of those found at the start
// soon once more, for their runtimes write limits after they made the directory.
inline bool is_limit_due(const Tick& tick, const Cgroup& cgroup, const Options& options) {
  constexpr std::uint64_t kStart = 10;
  return tick.number < cgroup.young_until ||
         is_due(tick, cgroup, tick.number < kStart ? options.warm_every : options.cold_every);
}

template <class Field>
void merge(Facts<Field>& into, const Facts<Field>& from) {
  for (std::size_t i = 0; i < Facts<Field>::kFields; ++i) into.set(Field(i), from.get(Field(i)));
}

// The Records last sent of a group: those that did not change need not travel, nor need absent
// values that were never there.
template <class Field>
class LastSent {
 public:
  void send(Output& out, const Tick& tick, Subject subject, const Facts<Field>& facts) {
    for (std::size_t part = 0; part < Facts<Field>::kParts; ++part) {
      const Record record = facts.part(part, subject, 0);
      if (!tick.resend && is_same(record, part)) continue;
      present_[part] = record.present;
      for (std::size_t i = 0; i < kValuesPerRecord; ++i) values_[part][i] = record.value[i];
      out.send(record);
    }
  }

 private:
  bool is_same(const Record& record, std::size_t part) const {
    if (record.present != present_[part]) return false;
    for (std::size_t i = 0; i < kValuesPerRecord; ++i)
      if (record.value[i] != values_[part][i]) return false;
    return true;
  }
  std::uint64_t values_[Facts<Field>::kParts][kValuesPerRecord] = {};
  std::uint8_t present_[Facts<Field>::kParts] = {};
};

// A State for each served cgroup, made when it is first seen and dropped when it is gone.
template <class State>
class PerCgroup {
 public:
  // Calls use(cgroup, state, first) for all; first: the state is new, slow files are due.
  template <class Use>
  void for_each(const Inventory& inventory, Use&& use) {
    for (const Subject& subject : inventory.gone())
      if (subject.slot < states_.size()) states_[subject.slot].reset();
    const auto cgroups = inventory.slots();
    if (states_.size() < cgroups.size()) states_.resize(cgroups.size());
    for (std::size_t slot = 0; slot < cgroups.size(); ++slot) {
      const Cgroup* cgroup = cgroups[slot];
      if (!cgroup || !inventory.is_served(*cgroup)) continue;
      const bool first = !states_[slot];
      if (first) states_[slot] = std::make_unique<State>();
      use(*cgroup, *states_[slot], first);
    }
  }

  // Of one that is gone, before for_each drops it; none: it was never seen.
  std::unique_ptr<State> take(Subject subject) {
    if (subject.slot >= states_.size()) return nullptr;
    return std::move(states_[subject.slot]);
  }

 private:
  std::vector<std::unique_ptr<State>> states_;  // by slot
};

}  // namespace hostmeter::source::cgroup
