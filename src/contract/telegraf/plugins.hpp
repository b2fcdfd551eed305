// What each input makes of a snapshot.
#pragma once
#include <vector>

#include "contract/telegraf/draft.hpp"
#include "contract/telegraf/options.hpp"
#include "contract/telegraf/source.hpp"

namespace hostmeter::contract::telegraf {

using Drafts = std::deque<Draft>;

// Who takes drafts one by one, of things that there may be many of.
class Taker {
 public:
  virtual ~Taker() = default;
  // Whether there is one of this key that was made of the same: it then stays as it is.
  virtual bool keeps(const std::string& key, std::uint64_t made_of) = 0;
  virtual void take(Draft draft) = 0;
};

inline Drafts only(Draft draft) {
  Drafts all;
  all.push_back(std::move(draft));
  return all;
}

Drafts drafts(const System&, Source&);
Drafts drafts(const Cpu&, Source&);
Drafts drafts(const Mem&, Source&);
Drafts drafts(const Swap&, Source&);
Drafts drafts(const Disk&, Source&);
Drafts drafts(const DiskIo&, Source&);
Drafts drafts(const Net&, Source&);
Drafts drafts(const Kernel&, Source&);
Drafts drafts(const Processes&, Source&);
void drafts(const Docker&, Source&, Taker&);
Drafts drafts(const Exec&, Source&);
Drafts drafts(const Internal&, Source&);
// Whether it is of these commands, and what it said.
bool is_wanted(const Exec&, const store::PrintedMetrics::Said&);
Draft printed_draft(const Exec&, const store::PrintedMetrics::Said&);
Drafts drafts(const Conntrack&, Source&);
Drafts drafts(const Interrupts&, Source&);
Drafts drafts(const Netstat&, Source&);
Drafts drafts(const Nstat&, Source&);
Drafts drafts(const SysctlFs&, Source&);
Drafts drafts(const Vmstat&, Source&);

// What is counted of network protocols, for net's interface "all".
Draft protocol_draft(Source&);
// Of kernel, where they are asked for.
void add_pressure_averages(Draft&, Source&);
void add_ksm(Draft&, DraftPoint& kernel, Source&);

}  // namespace hostmeter::contract::telegraf
