// What a contract is: a snapshot seen under the names that another agent's users depend on.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "store/snapshot.hpp"

namespace hostmeter::contract {

// What scripts print is selected under this name.
inline constexpr std::string_view kPrinted = "script";

// collect[] and exclude[] of a URL: names of collectors. No names: all.
struct Selection {
  std::vector<std::string> collect, exclude;
  bool takes(std::string_view collector) const;
};

// What one scrape shows.
struct Shown {
  std::vector<std::size_t>
      families{};        // indices into Snapshot::families, in the order to be written
  bool printed = false;  // and behind them what scripts print
};

class Contract {
 public:
  virtual ~Contract() = default;

  // Pump, at every tick, before the snapshot is published: for contracts that need memory.
  virtual void on_tick(const store::Snapshot&) {}

  virtual Shown shown(const store::Snapshot&, const Selection&) const = 0;

  // The first name of the selection that no collector has; empty when all are known.
  static std::string_view unknown_name(const std::vector<store::Family>& families,
                                       const Selection&);
};

}  // namespace hostmeter::contract
